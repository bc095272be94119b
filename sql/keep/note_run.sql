-- what:  note how a DAG's last run ended
-- grain: DAG
-- reads: nothing
-- key:   dag_id
INSERT INTO keep.dag_run (dag_id, run_id, state, as_at)
VALUES (:dag_id, :run_id, :state, :as_at)
ON CONFLICT (dag_id) DO UPDATE SET run_id = excluded.run_id, state = excluded.state, as_at = excluded.as_at, ended_at = now()
