"""Every rule that refuses a row: the row without its fault loads, and with it is refused by that rule and no other."""

from datetime import date
from itertools import pairwise

import pytest

from conform.deliveries import text_of
from tf_integration import conform
from tf_integration.model.feed import Feed

ON = date(2019, 6, 3)
WHO = {"person_ref": "P1", "forename": "Ada", "surname": "Moss", "date_of_birth": "2008-03-14", "sex": "F"}
GOOD = {
    "probation_orders": WHO | {"order_ref": "A1", "order": "custody", "start_on": "2018-06-01", "end_on": "2025-01-01"},
    "police_incidents": WHO
    | {
        "op": "U",
        "occurrence_ref": "O1",
        "role": "victim",
        "incident": "domestic_abuse",
        "occurred_on": "2019-01-01",
        "outcome": "22",
        "dash": "H",
    },
    "housing_actions": {
        "op": "U",
        "person_ref": "P1",
        "action_ref": "X1",
        "action": "arrears",
        "action_on": "2019-01-01",
        "amount": "12.50",
    },
    "schools_attendance": {
        "person_ref": "P1",
        "establishment": "8801234",
        "period_start": "2019-01-04",
        "period_end": "2019-02-14",
        "sessions_possible": "60",
        "sessions_attended": "50",
        "sessions_authorised": "6",
        "sessions_unauthorised": "4",
    },
    "dwp_benefits": WHO | {"benefit": "UC", "start_on": "2018-01-01", "match": "full", "uc_regime": "search"},
    "early_help_milestones": {"family_ref": "F1", "milestone": "goal_met", "on": "2019-01-01", "problem": "health"},
    "youth_justice_disposals": WHO | {"case_ref": "C1", "disposal": "YC", "disposal_on": "2019-01-01", "gravity": "8"},
    "jcp_employment": WHO | {"op": "U", "employment_ref": "E1", "start_on": "2018-01-01", "hours_per_week": "37.5"},
}
CASES = [
    ("probation_orders", {"person_ref": ""}, "person_ref", "required"),
    ("probation_orders", {"person_ref": "   "}, "person_ref", "required"),
    ("probation_orders", {"order": ""}, "order", "required"),
    ("probation_orders", {"order": "Custody"}, "order", "code"),
    ("probation_orders", {"order": "custody "}, "order", "code"),
    ("probation_orders", {"sex": "X"}, "sex", "code"),
    ("probation_orders", {"start_on": "01/06/2018"}, "start_on", "date"),
    ("probation_orders", {"start_on": "2018-6-1"}, "start_on", "date"),
    ("probation_orders", {"start_on": "2018-02-30"}, "start_on", "date"),
    ("probation_orders", {"start_on": " "}, "start_on", "date"),
    ("probation_orders", {"start_on": "1900-01-01"}, "start_on", "sentinel_date"),
    ("probation_orders", {"end_on": "9999-12-31"}, "end_on", "sentinel_date"),
    ("probation_orders", {"start_on": "1018-06-01"}, "start_on", "early_date"),
    ("probation_orders", {"start_on": "2019-06-04"}, "start_on", "future_date"),
    ("probation_orders", {"date_of_birth": "2019-06-04"}, "date_of_birth", "future_date"),
    ("probation_orders", {"date_of_birth": "14/03/2008"}, "date_of_birth", "date"),
    ("probation_orders", {"end_on": "2018-05-31"}, "end_on", "order"),
    ("probation_orders", {"forename": "A" * 101}, "forename", "length"),
    ("probation_orders", {"surname": ""}, None, "nobody"),
    ("probation_orders", {"surname": " ", "nhs_number": "9434765871"}, None, "nobody"),
    ("police_incidents", {"op": ""}, "op", "required"),
    ("police_incidents", {"op": "I"}, "op", "code"),
    ("police_incidents", {"outcome": "23"}, "outcome", "range"),
    ("police_incidents", {"outcome": "0"}, "outcome", "range"),
    ("police_incidents", {"outcome": "2.0"}, "outcome", "number"),
    ("police_incidents", {"outcome": "1E1"}, "outcome", "number"),
    ("police_incidents", {"incident": "asb"}, "dash", "only_when"),
    ("police_incidents", {"occurred_on": ""}, "occurred_on", "required"),
    ("housing_actions", {"action": "eviction"}, "amount", "only_when"),
    ("housing_actions", {"amount": "£12.50"}, "amount", "number"),
    ("housing_actions", {"amount": "1,250"}, "amount", "number"),
    ("housing_actions", {"amount": "-1"}, "amount", "range"),
    ("schools_attendance", {"sessions_attended": "51"}, "sessions_possible", "sum"),
    ("schools_attendance", {"period_end": "2019-01-03"}, "period_end", "order"),
    ("schools_attendance", {"establishment": "880123"}, "establishment", "pattern"),
    ("schools_attendance", {"establishment": "880/1234"}, "establishment", "pattern"),
    ("dwp_benefits", {"benefit": "JSA"}, "uc_regime", "only_when"),
    ("dwp_benefits", {"benefit": "PIP"}, "benefit", "code"),  # and not its regime too
    ("dwp_benefits", {"match": "maybe"}, "match", "code"),
    ("dwp_benefits", {"match": ""}, "match", "required"),
    ("dwp_benefits", {"benefit": "", "match": "none", "start_on": ""}, "uc_regime", "only_when"),
    ("early_help_milestones", {"milestone": "opened"}, "milestone", "code"),
    ("early_help_milestones", {"milestone": "opened", "problem": ""}, "milestone", "code"),
    ("probation_orders", {"start_on": "9999-12-31"}, "start_on", "sentinel_date"),
    ("dwp_benefits", {"uc_regime": "", "benefit": ""}, "benefit", "required"),
    ("dwp_benefits", {"start_on": ""}, "start_on", "required"),
    ("early_help_milestones", {"problem": ""}, "problem", "required"),
    ("early_help_milestones", {"milestone": "plan"}, "problem", "only_when"),
    ("early_help_milestones", {"problem": "Health!"}, "problem", "code"),
    ("youth_justice_disposals", {"gravity": "9"}, "gravity", "range"),
    ("jcp_employment", {"hours_per_week": "169"}, "hours_per_week", "range"),
    ("jcp_employment", {"hours_per_week": "thirty"}, "hours_per_week", "number"),
]


def check(tmp_path, feed: Feed, rows: list[dict[str, str]], header: list[str] | None = None) -> conform.Staged:
    file = tmp_path / "file.csv"
    file.write_text(text_of(feed, rows, header))
    return conform.inspect(file, feed, ON)


@pytest.mark.parametrize("name", GOOD)
def test_a_row_without_a_fault_loads(tmp_path, feeds, name):
    staged = check(tmp_path, feeds[name], [GOOD[name]])
    assert (staged.faults, list(staged.rejects()), staged.rows_loaded) == ([], [], 1)


@pytest.mark.parametrize(("name", "change", "column", "rule"), CASES)
def test_a_faulty_row_is_refused_by_its_rule_alone(tmp_path, feeds, name, change, column, rule):
    other = {"op": "U"} if feeds[name].mode == "increment" else {}
    good = (
        GOOD[name]
        | {k: "OTHER" for k in ("order_ref", "action_ref", "case_ref", "employment_ref") if k in GOOD[name]}
        | other
    )
    staged = check(
        tmp_path, feeds[name], [GOOD[name] | change, good | {"person_ref": "P2"} if "person_ref" in good else good]
    )
    assert [(r.line_no, r.column, r.rule) for r in staged.rejects()] == [(2, column, rule)]
    assert (staged.rows_read, staged.rows_loaded, staged.rows_rejected) == (2, 1, 1)


def test_a_row_may_have_several_faults_and_is_counted_once(tmp_path, feeds):
    row = GOOD["probation_orders"] | {"order": "x", "start_on": "x", "surname": ""}
    staged = check(tmp_path, feeds["probation_orders"], [row])
    assert {r.rule for r in staged.rejects()} == {"code", "date", "nobody"}
    assert staged.rows_rejected == 1


def test_days_ahead_stand_only_where_they_may(tmp_path, feeds):
    ahead = [
        ("schools_pupils", "leaving_on"),
        ("probation_orders", "end_on"),
        ("housing_tenancies", "end_on"),
        ("jcp_employment", "end_on"),
        ("nominations", "ended_on"),
        ("housing_actions", "ended_on"),
        ("early_help_milestones", "ended_on"),
        ("social_care_episodes", "end_on"),
        ("dwp_benefits", "end_on"),
    ]
    may = {(f.feed, c.name) for f in feeds.values() for c in f.columns if c.may_be_future}
    assert may == set(ahead)


def test_an_unknown_birth_day_counts_as_blank_with_a_warning(tmp_path, feeds):
    rows = [
        GOOD["probation_orders"] | {"person_ref": f"P{i}", "date_of_birth": day}
        for i, day in enumerate(["1900-01-01", "9999-12-31"])
    ]
    staged = check(tmp_path, feeds["probation_orders"], rows)
    assert staged.rows_loaded == 2
    assert ("sentinel_date", "date_of_birth", 2) in [(n.rule, n.column, n.rows) for n in staged.warnings]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("upn", "A801200005001"), ("nhs_number", "9434765871"), ("nino", "QQ123456C"), ("uprn", "12E3")],
)
def test_an_identifier_that_fails_its_check_is_blanked_with_a_warning_and_the_row_loads(world, feeds, column, cell):
    feed = feeds["probation_orders"]
    staged = world.deliver(feed, text_of(feed, [GOOD["probation_orders"] | {column: cell}]), ON)
    assert staged.rows_loaded == 1
    assert ("identifier", column, 1) in [(n.rule, n.column, n.rows) for n in staged.warnings]
    assert world.rows("SELECT to_jsonb(r) -> :c AS found FROM core.source_record r", c=column) == [{"found": None}]


def test_an_identifier_that_checks_stands_in_for_a_surname(tmp_path, feeds):
    staged = check(
        tmp_path, feeds["probation_orders"], [GOOD["probation_orders"] | {"surname": "", "nhs_number": "943 476 5870"}]
    )
    assert staged.rows_loaded == 1


def test_a_withdrawal_needs_only_its_key(tmp_path, feeds):
    feed = feeds["police_incidents"]
    key = {"op": "D", "person_ref": "P1", "occurrence_ref": "O1", "role": "victim", "incident": "asb"}
    assert check(tmp_path, feed, [key]).rows_loaded == 1
    for column in feed.key:
        staged = check(tmp_path, feed, [key | {column: ""}])
        assert [(r.column, r.rule) for r in staged.rejects()] == [(column, "required")]


def test_optional_columns_of_the_person_may_be_absent_with_a_warning(tmp_path, feeds):
    feed = feeds["probation_orders"]
    header = [c.name for c in feed.columns if c.required]
    staged = check(tmp_path, feed, [GOOD["probation_orders"]], header)
    assert (staged.faults, staged.rows_loaded) == ([], 1)
    assert {n.column for n in staged.warnings if n.rule == "column_absent"} == {
        c.name for c in feed.columns if not c.required
    }


def test_a_quoted_nothing_is_as_blank_as_nothing(world, feeds):
    feed = feeds["probation_orders"]
    blank = text_of(feed, [GOOD["probation_orders"] | {"forename": "", "end_on": "", "nhs_number": "", "sex": ""}])
    header, row = blank.splitlines()
    quoted = ",".join(cell or '""' for cell in row.split(","))
    staged = world.deliver(feed, f"{header}\n{quoted}\n", ON)
    assert (list(staged.rejects()), staged.warnings, staged.rows_loaded) == ([], [], 1)
    assert world.rows("SELECT r.forename, r.sex, r.nhs_number, f.ends_on FROM core.source_record r, core.fact f") == [
        {"forename": None, "sex": None, "nhs_number": None, "ends_on": None}
    ]


def test_every_column_order_gives_the_same_rows(world, feeds):
    feed = feeds["housing_actions"]
    header = [c.name for c in feed.columns]
    facts = []
    for turn in range(len(header)):
        world.deliver(feed, text_of(feed, [GOOD["housing_actions"]], header[turn:] + header[:turn]), ON)
        facts.append(world.rows("SELECT starts_on, ref, quantity, detail, row_key FROM core.fact"))
        world.conn.rollback()
    assert all(a == b for a, b in pairwise(facts))
    assert len(facts[0]) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "NA",
        "Null",
        "None",
        "007",
        "1E5",
        "O'Brien",
        "Zoë",
        "李",
        "=1+1",
        "-5",
        '"quoted"',
        "a,b",
        "two\nlines",
        " padded ",
        "\\N",
        "\\.",
        "NULL",
    ],
)
def test_a_value_is_stored_exactly_as_sent(world, feeds, cell):
    feed = feeds["probation_orders"]
    staged = world.deliver(feed, text_of(feed, [GOOD["probation_orders"] | {"surname": cell, "person_ref": cell}]), ON)
    assert staged.rows_loaded == 1
    assert world.rows("SELECT surname, person_ref FROM core.source_record") == [{"surname": cell, "person_ref": cell}]


@pytest.mark.parametrize("name", ["probation_orders", "schools_attendance"])
def test_the_later_row_of_a_key_is_refused(world, feeds, name):
    feed = feeds[name]
    again = GOOD[name] | ({"forename": "Eve"} if "forename" in GOOD[name] else {})
    content = text_of(feed, [GOOD[name], again, again])
    staged = world.deliver(feed, content, ON)
    assert [(r.line_no, r.rule) for r in staged.rejects()] == [(3, "duplicate_key"), (4, "duplicate_key")]
    assert staged.measures["duplicate_keys"] == 2
    assert world.rows("SELECT line_no FROM core.fact") == [{"line_no": 2}]
    assert world.rows("SELECT line_no, rule FROM landing.reject ORDER BY 1") == [
        {"line_no": 3, "rule": "duplicate_key"},
        {"line_no": 4, "rule": "duplicate_key"},
    ]
    file = world.folder / "again.csv"
    file.write_text(content)
    assert conform.inspect(file, feed, ON).rows_rejected == 2


def test_the_warehouse_and_the_dry_run_say_the_same(world, feeds):
    feed = feeds["probation_orders"]
    rows = [
        GOOD["probation_orders"] | {"order_ref": f"A{i}"} | change
        for i, (name, change, *_) in enumerate(CASES)
        if name == feed.feed
    ]
    content = text_of(feed, rows)
    file = world.folder / "dry.csv"
    file.write_text(content)
    dry, real = conform.inspect(file, feed, ON), world.deliver(feed, content, ON)
    assert list(dry.rejects()) == list(real.rejects())
    assert (dry.warnings, dry.measures) == (real.warnings, real.measures)
    stored = world.rows("SELECT line_no, column_name, rule, what_to_do FROM landing.reject ORDER BY 1, 2, 3")
    assert stored == sorted(
        (
            {"line_no": r.line_no, "column_name": r.column, "rule": r.rule, "what_to_do": r.what_to_do}
            for r in real.rejects()
        ),
        key=lambda r: (r["line_no"], r["column_name"] or "~", r["rule"]),
    )
