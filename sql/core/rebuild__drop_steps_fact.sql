-- what:  drop versions that only the steps of the replay made; nobody ever knew them
-- grain: fact
-- reads: core.fact
-- key:   kind, fact_id, known_from
DELETE FROM core.fact
WHERE feed = :feed AND partner = :partner AND kind = ANY (CAST(:kinds AS text[]))
  AND known_from > :known_at AND known_to <> 'infinity'
