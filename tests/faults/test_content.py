"""Every fault of content, put into files of every feed: the right status and rule, and counts that reconcile."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from content import CASES, REFUSED, WELL, Content
from small_council import Council
from spoiling import AS_AT, Extract, how_many

from tf_integration.flow.dry_run import dry_run

Extracts = dict[str, Extract]
BIG_ENOUGH = 20  # rows, below which a share of them says nothing


def feeds_for(case: Content, extracts: Extracts) -> list[str]:
    """One feed for each case in the quick run, another for the next; all of them in the long one."""
    able = sorted(n for n, e in extracts.items() if e.text.count("\n") > BIG_ENOUGH and spoils(case, e))
    first = CASES.index(case)
    return [able[(first + n) % len(able)] for n in range(how_many(1, len(able)))]


def spoils(case: Content, extract: Extract) -> bool:
    """Whether there is anything to spoil: a feed may have no codes, or no days."""
    beside = case.packed or case.rows is not None  # the fault is not in the text
    return beside or case.status == WELL or spoilt(case, extract) != extract.text.encode(extract.feed.dialect.encoding)


def spoilt(case: Content, extract: Extract) -> bytes:
    made = case.change(extract.text, extract.feed, random.Random(case.name))
    return made if isinstance(made, bytes) else made.encode(extract.feed.dialect.encoding, "surrogateescape")


def control(case: Content, extract: Extract, data: bytes) -> dict[str, Any]:
    rows = extract.text.count("\n") - 1 + case.more if case.rows is None else case.rows
    return {
        "feed": extract.feed.feed,
        "partner": extract.partner,
        "snapshot_on": str(AS_AT),
        "mode": extract.feed.mode,
        "sequence": 1,
        "rows": rows,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "covers_from": "2018-11-20",
        "covers_to": str(AS_AT),
    }


def written(case: Content, extract: Extract, folder: Path) -> Path:
    file = folder / f"{extract.feed.feed}_{AS_AT:%Y%m%d}_0001.csv{'.gz' if case.packed else ''}"
    file.write_bytes(spoilt(case, extract))
    file.with_name(f"{file.name}.ctl.json").write_text(json.dumps(control(case, extract, file.read_bytes())))
    return file


def judged(case: Content, said: dict[str, Any]) -> None:
    """What must be so of any receipt of the case."""
    rules = {r["rule"] for r in said["reasons"]}
    assert said["status"] in case.status, (said["status"], rules)
    assert not case.rules or rules & set(case.rules), rules
    assert said["rows_read"] == said["rows_loaded"] + said["rows_rejected"]
    assert all(r["what_to_do"] for r in said["reasons"])
    if case.status[0] in REFUSED:
        assert said["rows_loaded"] == 0
    elif case.status == WELL:
        assert said["rows_rejected"] == 0
    else:
        assert 0 < said["rows_rejected"] <= 2 < said["rows_loaded"]


@pytest.mark.parametrize("case", CASES, ids=[c.name.replace(" ", "_") for c in CASES])
def test_a_partner_who_checks_it_is_told(
    case: Content, extracts: Extracts, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chosen = feeds_for(case, extracts)
    record_property("runs", len(chosen))
    for name in chosen:
        file = written(case, extracts[name], tmp_path)
        judged(case, dry_run(file, name))


def test_a_delivery_gets_the_same_receipt_and_leaves_nothing_it_should_not(
    council: Council, extracts: Extracts, record_property: Callable[[str, object], None]
) -> None:
    """Each case from a partner's folder on SFTP to the receipt; a refused one changes no table of facts."""
    extract = extracts["housing_tenancies"]
    chosen = random.Random(1).sample(CASES, how_many(6, len(CASES)))
    record_property("runs", len(chosen))
    for sequence, case in enumerate(chosen, start=1):
        plain = f"housing_tenancies_{AS_AT:%Y%m%d}_{sequence:04d}.csv"
        name = f"{plain}{'.gz' if case.packed else ''}"
        data = spoilt(case, extract)
        said = control(case, extract, data) | {"sequence": sequence}
        council.housing.write(name, data)
        council.housing.write(f"{name}.ctl.json", json.dumps(said).encode())
        before = _core(council)
        (status,) = council.night("housing_tenancies", str(AS_AT))
        receipt = council.housing.receipt(name)
        judged(case, receipt)
        assert receipt["status"] == status
        if status in REFUSED:
            assert _core(council) == before, case.name


def _core(council: Council) -> list[tuple[str, int, str]]:
    tables = ("fact", "source_record", "coverage", "absence")
    digest = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS d, count(*) AS n FROM core.{} t"
    found = [(t, council.rows(digest.format(t))[0]) for t in tables]
    return [(t, r["n"], r["d"]) for t, r in found]


def test_the_extracts_that_are_spoilt_are_good_to_begin_with(extracts: Extracts, tmp_path: Path) -> None:
    """A case that finds its fault in the file itself would prove nothing."""
    assert len(extracts) == 15
    untouched = Content("nothing", lambda text, feed, r: text, WELL, ())
    for name in sorted(extracts)[: how_many(3, 15)]:
        file = written(untouched, extracts[name], tmp_path)
        assert dry_run(file, name)["status"] == "accepted", name
    assert date.fromisoformat(str(AS_AT)) == AS_AT
