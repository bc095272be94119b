-- The settled birth date of a person, every version: a past verdict is given again with the date that was believed then.

CREATE TABLE identity.person_born (
    person_id     bigint NOT NULL,
    date_of_birth date,
    known_from    timestamptz NOT NULL,
    known_to      timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (person_id, known_from)
);
INSERT INTO identity.person_born (person_id, date_of_birth, known_from) SELECT person_id, date_of_birth, '-infinity' FROM identity.person;

-- A person's first date has always been so: nothing refers to the person before its links do. Later ones are dated by the run
-- that settled them, as its links are.
CREATE FUNCTION identity.keep_person_born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- who is erased is erased from history too
        DELETE FROM identity.person_born b USING old_person o WHERE b.person_id = o.person_id;
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO identity.person_born (person_id, date_of_birth, known_from)
        SELECT n.person_id, n.date_of_birth, '-infinity' FROM new_person n
        WHERE NOT EXISTS (SELECT FROM identity.person_born b WHERE b.person_id = n.person_id);
        -- a person who comes back: the date may have changed meanwhile
        WITH moved AS (
            SELECT n.person_id, n.date_of_birth, coalesce(r.known_at, clock_timestamp()) AS at
            FROM new_person n JOIN identity.person_born b ON b.person_id = n.person_id AND b.known_to = 'infinity'
            LEFT JOIN identity.run r ON r.run_id = n.run_id
            WHERE b.date_of_birth IS DISTINCT FROM n.date_of_birth
        ), closed AS (
            UPDATE identity.person_born b SET known_to = m.at FROM moved m
            WHERE b.person_id = m.person_id AND b.known_to = 'infinity' AND b.known_from < m.at
        )
        INSERT INTO identity.person_born (person_id, date_of_birth, known_from) SELECT person_id, date_of_birth, at FROM moved
        ON CONFLICT (person_id, known_from) DO UPDATE SET date_of_birth = excluded.date_of_birth;
        RETURN NULL;
    END IF;
    WITH moved AS (
        SELECT n.person_id, n.date_of_birth, coalesce(r.known_at, clock_timestamp()) AS at
        FROM new_person n JOIN old_person o USING (person_id) LEFT JOIN identity.run r ON r.run_id = n.run_id
        WHERE n.date_of_birth IS DISTINCT FROM o.date_of_birth
    ), closed AS (
        UPDATE identity.person_born b SET known_to = m.at FROM moved m
            WHERE b.person_id = m.person_id AND b.known_to = 'infinity' AND b.known_from < m.at
    )
    INSERT INTO identity.person_born (person_id, date_of_birth, known_from) SELECT person_id, date_of_birth, at FROM moved
    ON CONFLICT (person_id, known_from) DO UPDATE SET date_of_birth = excluded.date_of_birth;
    RETURN NULL;
END $$;
CREATE TRIGGER person_born_came AFTER INSERT ON identity.person
    REFERENCING NEW TABLE AS new_person FOR EACH STATEMENT EXECUTE FUNCTION identity.keep_person_born();
CREATE TRIGGER person_born_moved AFTER UPDATE ON identity.person
    REFERENCING OLD TABLE AS old_person NEW TABLE AS new_person FOR EACH STATEMENT EXECUTE FUNCTION identity.keep_person_born();
CREATE TRIGGER person_born_went AFTER DELETE ON identity.person
    REFERENCING OLD TABLE AS old_person FOR EACH STATEMENT EXECUTE FUNCTION identity.keep_person_born();
