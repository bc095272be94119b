-- what:  the tables of whose rows more than a tenth have changed since the planner last looked, this transaction's changes counted
-- grain: table
-- reads: pg_stat_user_tables, pg_stat_xact_user_tables
-- key:   name
SELECT format('%I.%I', s.schemaname, s.relname) AS name
FROM pg_stat_user_tables s
LEFT JOIN pg_stat_xact_user_tables x USING (relid)
WHERE s.schemaname IN ('core', 'identity', 'assess', 'claim')
  AND s.n_mod_since_analyze + coalesce(x.n_tup_ins + x.n_tup_upd + x.n_tup_del, 0)
      > 500 + 0.1 * (s.n_live_tup + coalesce(x.n_tup_ins, 0))
ORDER BY name
