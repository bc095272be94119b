-- what:  note which text of a mart view stands in this warehouse
-- grain: view
-- reads: nothing; :name, :sha256
-- key:   name
INSERT INTO audit.mart_view (name, sha256)
VALUES (:name, :sha256)
ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, made_at = now()
