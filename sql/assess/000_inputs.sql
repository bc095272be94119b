-- What:  the run's working tables: the plans as rows, and the findings that the questions write.
-- Grain: as each says.   Reads: nothing.   Key: as each says.
DO $$ BEGIN
CREATE TEMP TABLE plan (plan_id text, in_force daterange, needs int, adult int, school_from int, school_to int, horizon date, counts text) ON COMMIT DROP;
CREATE TEMP TABLE shares_result (plan_id text, other text) ON COMMIT DROP;
CREATE TEMP TABLE fees (plan_id text, attached daterange, sustained_pounds numeric, employment_pounds numeric) ON COMMIT DROP;
CREATE TEMP TABLE plan_problem (plan_id text, problem text, says text, improved_says text, in_result boolean) ON COMMIT DROP;
CREATE TEMP TABLE milestone (plan_id text, what text, kind text) ON COMMIT DROP;
CREATE TEMP TABLE rule (rule_id int, plan_id text, side text, problem text, criterion text, test_no int, says text, is_nominated boolean,
                        ask text, who text, window_n int, window_unit text, threshold numeric, is_floor boolean, every boolean, measure text, once_per text,
                        with_child boolean, ends_n int, at_most_share numeric, since_attachment boolean, good text[], open_n int,
                        open_unit text, told_by text[]) ON COMMIT DROP;
CREATE TEMP TABLE rule_match (rule_id int, kind text, code text[], outcome text[], not_outcome text[], role text[], flagged boolean) ON COMMIT DROP;
CREATE TEMP TABLE principle (plan_id text, principle text, says text, kind text, flagged boolean, is_spell boolean, closed_kind text,
                             shown_as text, asks text, since text, held_n int, held_unit text, in_result boolean, told_by text[]) ON COMMIT DROP;
CREATE TEMP TABLE expecting (plan_id text, kind text, code text[], outcome text[]) ON COMMIT DROP;
CREATE TEMP TABLE progress_rule (plan_id text, problem text, says text, kind text, code text[], pounds numeric, told_by text[]) ON COMMIT DROP;
CREATE TEMP TABLE nomination_rule (plan_id text, ended_n int, ended_unit text, goal_kind text) ON COMMIT DROP;
CREATE TEMP TABLE employment (plan_id text, says text, until_on date, told_by_work text[], told_by_benefit text[]) ON COMMIT DROP;
CREATE TEMP TABLE employment_match (plan_id text, what text, kind text, code text[], outcome text[]) ON COMMIT DROP;
CREATE TEMP TABLE weeks_rule (plan_id text, nth int, need int, of_last int, kind text, code text[], outcome text[]) ON COMMIT DROP;
CREATE TEMP TABLE schooling_rule (plan_id text, kind text, told_by text[]) ON COMMIT DROP;
CREATE TEMP TABLE unmatched (plan_id text, kind text, unsettles text) ON COMMIT DROP;
CREATE TEMP TABLE wanted (household_id bigint) ON COMMIT DROP;
CREATE TEMP TABLE supposed (household_id bigint, attached_on date) ON COMMIT DROP;
CREATE TEMP TABLE standing_claim (household_id bigint, claim_ref text) ON COMMIT DROP;
CREATE TEMP TABLE occurrence (rule_id int, household_id bigint, person_id bigint, fact_id bigint, kind text, on_day date, days daterange,
                              is_sure boolean, amount numeric, ref text) ON COMMIT DROP;
CREATE TEMP TABLE finding (rule_id int, household_id bigint, hit datemultirange, doubt datemultirange,
                           found datemultirange DEFAULT '{}') ON COMMIT DROP;
CREATE TEMP TABLE person_finding (rule_id int, household_id bigint, person_id bigint, hit datemultirange, doubt datemultirange,
                                  found datemultirange) ON COMMIT DROP;
CREATE TEMP TABLE test_doubt (rule_id int, household_id bigint, doubt datemultirange, cov datemultirange,
                           feeds text[] DEFAULT '{}') ON COMMIT DROP;
END $$
