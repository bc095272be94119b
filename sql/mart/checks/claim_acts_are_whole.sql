-- what:  every act on claims holds the hash of the one before it, and its own, and stands so in the audit chain
-- grain: act
-- reads: claim.event, claim.unmirrored
-- key:   event_id
SELECT e.event_id::text
FROM claim.event e
LEFT JOIN LATERAL (SELECT b.hash FROM claim.event b WHERE b.event_id < e.event_id ORDER BY b.event_id DESC LIMIT 1) b ON true
WHERE e.hash_before <> coalesce(b.hash, '') OR e.hash <> claim.event_hash(e)
UNION
SELECT event_id::text FROM claim.unmirrored
