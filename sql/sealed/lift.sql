-- what:  lift a seal: its marks say nothing any more
-- grain: seal
-- reads: -
-- key:   seal_id
WITH lifted AS (
    UPDATE sealed.seal SET lifted_at = clock_timestamp(), lifted_by = :by_whom, lifted_because = :because WHERE seal_id = :seal_id
), unmarked AS (
    DELETE FROM sealed.mark WHERE seal_id = :seal_id
)
DELETE FROM sealed.member WHERE seal_id = :seal_id
