-- A claim of a window could be moved past the window's steps: a file of earlier claims froze an approved one without its evidence, and a
-- frozen one was paid that nobody had submitted. Now it enters a state only when its window has taken the step that leads there.
ALTER TABLE claim.state ADD COLUMN after_step text;  -- what the window of a claim must have done first
UPDATE claim.state SET after_step = CASE state WHEN 'paid' THEN 'submitted' ELSE state END
WHERE state IN ('approved', 'frozen', 'submitted', 'paid');

CREATE FUNCTION claim.may_become(c claim.claim, state_is text) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM claim.step s WHERE s.state_was = c.state AND s.state_is = $2)
    AND (c.window_id IS NULL
         OR NOT EXISTS (SELECT FROM claim.state t WHERE t.state = $2 AND t.after_step IS NOT NULL
                        AND NOT EXISTS (SELECT FROM claim.window_step w WHERE w.window_id = c.window_id AND w.step = t.after_step)));

CREATE OR REPLACE FUNCTION claim.begin_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found claim.claim;
BEGIN
    SELECT * INTO found FROM claim.claim WHERE claim_id = NEW.claim_id FOR UPDATE;
    IF EXISTS (SELECT FROM claim.transfer WHERE claim_id = NEW.claim_id AND state_is = NEW.state_is) THEN
        RETURN NULL;
    END IF;
    IF found.state <> NEW.state_was OR NOT claim.may_become(found, NEW.state_is) THEN
        RAISE EXCEPTION 'the claim is % and cannot go from % to %', found.state, NEW.state_was, NEW.state_is USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
