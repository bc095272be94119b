-- Every act on claims stands in the platform's one audit chain too, by its number and hash: whoever would alter an act must break both
-- chains, and the nightly check of the one, whose end is noted outside the warehouse, holds the other.
CREATE FUNCTION claim.mirror_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.event (by_whom, act, subject, because, detail)
    VALUES (NEW.by_whom, 'claim ' || NEW.act,
            coalesce((SELECT claim_ref FROM claim.claim WHERE claim_id = NEW.claim_id), (SELECT name FROM claim.window WHERE window_id = NEW.window_id), ''),
            NEW.because, jsonb_build_object('claim_event', NEW.event_id, 'hash', NEW.hash));
    RETURN NULL;
END $$;
CREATE TRIGGER mirrors AFTER INSERT ON claim.event FOR EACH ROW EXECUTE FUNCTION claim.mirror_event();

-- Acts of before: they follow one another here as they did there.
INSERT INTO audit.event (by_whom, act, subject, because, detail)
SELECT e.by_whom, 'claim ' || e.act, coalesce(c.claim_ref, w.name, ''), e.because, jsonb_build_object('claim_event', e.event_id, 'hash', e.hash)
FROM claim.event e LEFT JOIN claim.claim c USING (claim_id) LEFT JOIN claim.window w ON w.window_id = e.window_id
ORDER BY e.event_id;

-- Where the two chains differ: an act that the audit chain lacks, or holds under another hash.
CREATE VIEW claim.unmirrored AS
SELECT coalesce(e.event_id, (a.detail ->> 'claim_event')::bigint) AS event_id
FROM claim.event e FULL JOIN audit.event a ON a.act LIKE 'claim %' AND (a.detail ->> 'claim_event')::bigint = e.event_id
WHERE (a.event_id IS NULL OR a.act LIKE 'claim %')
  AND (e.event_id IS NULL OR a.event_id IS NULL OR a.detail ->> 'hash' <> e.hash OR claim.event_hash(e) <> e.hash);
