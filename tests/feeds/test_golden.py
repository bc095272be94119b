"""Each feed's sample file, through staging and load on a real PostgreSQL, makes exactly its golden facts.

After a contract was changed on purpose: `TFI_WRITE_GOLDEN=1 pytest tests/feeds`, then read what changed.
"""

import hashlib
import json
import os
from pathlib import Path

import pytest
from conform.deliveries import World

from tf_integration.model.delivery import read_control, read_name
from tf_integration.model.feed import load_feeds
from tf_integration.model.kind import load_kinds

HERE = Path(__file__).parent
FEEDS = sorted(load_feeds())

FACTS = (
    "SELECT f.line_no, r.person_ref, jsonb_strip_nulls(to_jsonb(f) - '{fact_id,source_record_id,row_key,row_digest,"
    "delivery_id,known_from,known_to,feed,partner,line_no,part}'::text[]) AS fact"
    " FROM core.fact f LEFT JOIN core.source_record r USING (source_record_id) ORDER BY f.line_no, f.kind, f.part"
)
RECORDS = (
    "SELECT jsonb_strip_nulls(to_jsonb(r) - '{source_record_id,delivery_id,known_from,known_to,feed,partner}'::text[])"
    " AS record FROM core.source_record r ORDER BY person_ref"
)
COVERAGE = "SELECT place, covers::text AS covers FROM core.coverage ORDER BY place NULLS FIRST, covers"


def sample_of(name: str) -> Path:
    return next(f for f in (HERE / name).glob(f"{name}_*.csv"))


def load_sample(world: World, name: str) -> dict[str, object]:
    file, feed = sample_of(name), load_feeds()[name]
    control, _ = read_control(file.with_name(f"{file.name}.ctl.json").read_bytes())
    staged = world.deliver(
        feed,
        file.read_bytes(),
        control.snapshot_on,
        control.sequence,
        control.partner,
        (control.covers_from, control.covers_to),
    )
    facts = [{"line": r["line_no"], "person_ref": r["person_ref"]} | r["fact"] for r in world.rows(FACTS)]
    return {
        "facts": [{k: v for k, v in f.items() if v != {}} for f in facts],
        "source_records": [r["record"] for r in world.rows(RECORDS)],
        "coverage": [[r["place"], r["covers"]] for r in world.rows(COVERAGE)],
        "rejects": [list(r)[:3] for r in staged.rejects()],
        "warnings": sorted([n.rule, n.column, n.rows] for n in staged.warnings),
        "rows": [staged.rows_read, staged.rows_loaded, staged.rows_rejected],
    }


def _a_line_each(found: dict[str, object]) -> str:
    """JSON with one line for each fact, so that a difference reads as one."""
    parts = []
    for name, items in found.items():
        lines = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in items)
        parts.append(f" {json.dumps(name)}: [\n{lines}\n ]" if lines else f" {json.dumps(name)}: []")
    return "{\n" + ",\n".join(parts) + "\n}\n"


@pytest.mark.parametrize("name", FEEDS)
def test_a_sample_makes_its_golden_facts(world, name):
    golden = HERE / name / "golden.json"
    found = load_sample(world, name)
    if os.environ.get("TFI_WRITE_GOLDEN"):
        golden.write_text(_a_line_each(found))
    assert found == json.loads(golden.read_text())


@pytest.mark.parametrize("name", FEEDS)
def test_a_sample_agrees_with_its_control_file_and_its_name(name):
    file = sample_of(name)
    control, fault = read_control(file.with_name(f"{file.name}.ctl.json").read_bytes())
    assert fault == ""
    data = file.read_bytes()
    assert (control.bytes, control.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    said = read_name(file.name)
    assert (control.feed, control.snapshot_on, control.sequence) == (said.feed, said.snapshot_on, said.sequence)


@pytest.mark.parametrize("name", FEEDS)
def test_a_sample_loaded_twice_changes_nothing(world, name):
    load_sample(world, name)
    versions = "SELECT (SELECT count(*) FROM core.fact) AS facts, (SELECT count(*) FROM core.source_record) AS records"
    before = world.rows(versions)
    file, feed = sample_of(name), load_feeds()[name]
    control, _ = read_control(file.with_name(f"{file.name}.ctl.json").read_bytes())
    world.deliver(feed, file.read_bytes(), control.snapshot_on, control.sequence + 1, control.partner)
    assert world.rows(versions) == before


@pytest.mark.parametrize("name", FEEDS)
def test_a_contract_fills_only_what_its_kinds_declare(name):
    kinds = load_kinds()
    for fact in load_feeds()[name].facts:
        declared = {"starts_on", "ends_on", "family_ref", *kinds[fact.kind].columns}
        assert set(fact.set) <= declared, fact.kind


def test_every_kind_is_made_by_some_feed():
    made = {f.kind for feed in load_feeds().values() for f in feed.facts}
    assert made == set(load_kinds())


@pytest.mark.parametrize("name", FEEDS)
def test_a_sample_shows_every_fact_of_its_contract(world, name):
    load_sample(world, name)
    shown = {(r["kind"], r["part"]) for r in world.rows("SELECT kind, part FROM core.fact")}
    declared = [f.kind for f in load_feeds()[name].facts]
    assert shown == {(k, declared[:i].count(k)) for i, k in enumerate(declared)}
