-- A claim's row could be written over by hand: its amount, day, result or household, and its state past the ledger. Now it comes in
-- as `outside`, and nothing of it changes but its state, and that only as a transfer of the ledger says.
CREATE FUNCTION claim.follow_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'outside' THEN
            RAISE EXCEPTION 'a claim starts outside: move it by a transfer' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'a claim stays as it was claimed: withdraw it and claim again' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF NEW.state <> OLD.state AND NOT EXISTS (SELECT FROM claim.transfer WHERE claim_id = OLD.claim_id
                                                 AND state_was = OLD.state AND state_is = NEW.state) THEN
        RAISE EXCEPTION 'a claim''s state follows the ledger: move it by a transfer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT OR UPDATE ON claim.claim FOR EACH ROW EXECUTE FUNCTION claim.follow_ledger();
