-- Whose personal data each return took out: what a person may ask for. And what is held of a request goes with the person who is erased.
CREATE TABLE returns.disclosed (
    made_id   bigint NOT NULL REFERENCES returns.made,
    person_id bigint NOT NULL,
    PRIMARY KEY (made_id, person_id)
);
CREATE INDEX ON returns.disclosed (person_id);

INSERT INTO returns.disclosed (made_id, person_id) SELECT DISTINCT made_id, person_id FROM returns.asked;

ALTER TABLE returns.answer
    DROP CONSTRAINT answer_made_id_our_ref_fkey,
    ADD CONSTRAINT answer_made_id_our_ref_fkey FOREIGN KEY (made_id, our_ref) REFERENCES returns.asked ON DELETE CASCADE;
