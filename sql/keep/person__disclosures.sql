-- what:  the returns that took out data of a person: when, by whom, why
-- grain: return
-- reads: returns.disclosed, returns.made
-- key:   made_id
SELECT m.made_id, m.made_at, m.what, m.by_whom, m.because
FROM returns.disclosed d JOIN returns.made m USING (made_id)
WHERE d.person_id = :person_id
ORDER BY m.made_id
