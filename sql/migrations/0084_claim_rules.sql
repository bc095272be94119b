-- The text of every plan that a frozen claim rests on: a claim is replayed under the rules that it was made under.
CREATE TABLE claim.rules (
    plan_hash   text PRIMARY KEY,
    plan_id     text NOT NULL,
    document    jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.rules FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();
