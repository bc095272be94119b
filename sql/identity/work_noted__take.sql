-- what:  take what was noted of references. What is committed after this statement stays for the next resolution
-- grain: partner x reference
-- reads: identity.pending_listing
-- key:   partner, ref
WITH taken AS (
    DELETE FROM identity.pending_listing RETURNING partner, ref
)
INSERT INTO work_noted (partner, ref) SELECT DISTINCT partner, ref FROM taken
