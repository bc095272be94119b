"""The peer Splink 5 on a labelled table, by the settings of its documentation. Runs in an environment of its own, alone.

Where the table's columns are those of a data set that Splink's documentation works through, that page's settings are taken
(febrl4, febrl3, fake_1000, historical_50k); else the comparison that the documentation has for each kind of column.
"""

# ruff: noqa: S608, E501
import json
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

file, roles, linking = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3] == "link"
THRESHOLDS = (0.99, 0.95, 0.5, 0.9, 0.999, 0.9999)  # the first is what the documentation clusters at; then the others
columns = set(roles)
FORE, SUR, BORN = (
    next((c for c, r in roles.items() if r == role), None) for role in ("forename", "surname", "date_of_birth")
)
FURTHER = [c for c, r in roles.items() if r == "further"]


def often(name):
    return cl.ExactMatch(name).configure(term_frequency_adjustments=True)


def names():
    return [cl.NameComparison(c).configure(term_frequency_adjustments=True) for c in (FORE, SUR) if c]


def birth():
    return cl.DateOfBirthComparison(BORN, input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True)


def general(column):
    """Email, code (mostly with digits) or word, as the documentation compares them."""
    digits = con.execute(f"SELECT avg(regexp_matches(\"{column}\", '[0-9]')::int) FROM people").fetchall()[0][0] or 0
    at = con.execute(f"SELECT avg(contains(\"{column}\", '@')::int) FROM people").fetchall()[0][0] or 0
    if at > 0.5:
        return cl.EmailComparison(column)
    if "postcode" in column and digits < 1:
        return cl.PostcodeComparison(column)
    return cl.DamerauLevenshteinAtThresholds(column, [1, 2]) if digits > 0.5 else often(column)


def recipe():
    """(blocks, comparisons, rules that are nearly always right, their recall, blocks to learn from)"""
    if {"soc_sec_id", "given_name", "street_number"} <= columns:
        ids = cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2] if linking else [2])
        crossed = f"l.given_name = r.surname and l.surname = r.given_name and l.{BORN} = r.{BORN}"
        exact = [block_on("soc_sec_id"), block_on("given_name", "surname", BORN)]
        if linking:
            blocks = [
                block_on("given_name", "surname"),
                "l.given_name = r.surname and l.surname = r.given_name",
                block_on(BORN),
                block_on("soc_sec_id"),
                block_on("state", "address_1"),
                block_on("street_number", "address_1"),
                block_on("postcode"),
            ]
            post = cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True)
            return (
                blocks,
                [*names(), birth(), ids, often("street_number"), post],
                exact,
                0.8,
                [block_on(BORN), block_on("postcode")],
            )
        blocks = [block_on(c) for c in ("soc_sec_id", "given_name", "surname", BORN, "postcode")]
        plain = [cl.NameComparison("given_name"), cl.NameComparison("surname")]
        return (
            blocks,
            [*plain, birth(), ids, often("street_number"), often("postcode")],
            [*exact, crossed],
            0.9,
            [block_on(BORN), block_on("postcode")],
        )
    if {"first_name", "surname", "email", "city"} <= columns:
        near = f"levenshtein(r.{BORN}, l.{BORN}) <= 1"
        rules = [
            f"l.first_name = r.first_name and {near}",
            f"l.surname = r.surname and {near}",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ]
        both = cl.ForenameSurnameComparison("first_name", "surname")
        return (
            [block_on(c) for c in ("first_name", "surname", BORN, "email")],
            [both, birth(), often("city"), cl.EmailComparison("email")],
            rules,
            0.7,
            [block_on(BORN), block_on("email"), block_on("first_name", "surname")],
        )
    if {"first_name", "surname", "postcode_fake", "birth_place", "occupation"} <= columns:
        blocks = [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", BORN),
            block_on("first_name", BORN),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on(BORN, "birth_place"),
            block_on("substr(postcode_fake,1,3)", BORN),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", f"substr({BORN},1,4)"),
        ]
        rules = [
            block_on("first_name", "surname", BORN),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on(BORN, "postcode_fake"),
        ]
        both = cl.ForenameSurnameComparison("first_name", "surname")
        return (
            blocks,
            [both, birth(), cl.PostcodeComparison("postcode_fake"), often("birth_place"), often("occupation")],
            rules,
            0.6,
            [block_on("first_name", "surname"), block_on(BORN)],
        )
    strong = [c for c in FURTHER if con.execute(f'SELECT count(DISTINCT "{c}") >= 60 FROM people').fetchall()[0][0]]
    named = [c for c in (FORE, SUR) if c]
    lessons = [named] * bool(named) + [[c] for c in [*([BORN] if BORN else []), *strong] if pairs(c) < MOST]
    telling = sorted(strong, key=pairs)[:1]
    both = [cl.ForenameSurnameComparison(FORE, SUR)] if FORE and SUR else names()
    exact = [block_on(*named, *([BORN] if BORN else telling))]
    by_kind = [*both, *([birth()] if BORN else []), *(general(c) for c in FURTHER)]
    blocks = [block_on(*fields) for fields in lessons]
    return blocks, by_kind, exact, 0.7, [block_on(*fields) for fields in lessons[:3]]


def pairs(column):
    """How many pairs a block on this column alone makes."""
    counted = f'SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM people WHERE "{column}" IS NOT NULL GROUP BY "{column}")'
    return con.execute(counted).fetchall()[0][0] or 0


MOST = 20_000_000
con = duckdb.connect(":memory:")
con.execute(f"CREATE TABLE people AS SELECT * FROM read_parquet('{file}')")
started, cpu = time.perf_counter(), time.process_time()
blocks, comparisons, exact, recall, lessons = recipe()
settings = SettingsCreator(
    link_type="link_only" if linking else "dedupe_only",
    unique_id_column_name="row_number",
    blocking_rules_to_generate_predictions=blocks,
    comparisons=comparisons,
)
api = DuckDBAPI(connection=con)
if linking:
    sides = [
        api.register(con.sql(f"SELECT * FROM people WHERE source_file = {n}").to_arrow_table(), table_name=f"file_{n}")
        for n in (0, 1)
    ]
else:
    sides = api.register("people")
linker = Linker(sides, settings)
linker.training.estimate_probability_two_random_records_match(exact, recall=recall)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=5)
for lesson in lessons:
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            lesson, estimate_without_term_frequencies=True
        )
    except Exception as error:  # a block that holds no pair teaches nothing
        print(f"one lesson left out: {type(error).__name__}", file=sys.stderr)
predicted = linker.inference.predict(threshold_match_probability=0.01)
scored = time.perf_counter() - started
PAIRS = "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM told GROUP BY {})"
told = []
for threshold in THRESHOLDS:
    before = time.perf_counter()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=threshold
    )
    seconds = scored + time.perf_counter() - before
    con.execute(
        f"CREATE OR REPLACE TABLE told AS SELECT p.person, c.cluster_id FROM people p JOIN {clusters.physical_name} c USING (row_number)"
    )
    both, linked, true = (
        float(con.execute(PAIRS.format(by)).fetchall()[0][0]) for by in ("person, cluster_id", "cluster_id", "person")
    )
    p, r = both / max(linked, 1), both / true
    told.append({"threshold": threshold, "seconds": seconds, "P": p, "R": r, "F1": 2 * p * r / max(p + r, 1e-9)})
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"rss_mib": peak, "cpu_s": time.process_time() - cpu, "at": told}))
