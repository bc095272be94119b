"""Some weeks of the year of claims (`make year` has all of it), and the proof of it broken on purpose."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tf_integration.flow import freezing
from tf_integration.serve.postgres import Cluster
from tf_integration.store import warehouse
from year.county import Order
from year.proof import Proof, check_window, prove_the_end
from year.raw import Landed, Standing
from year.running import Year, opened

LAST = date(2019, 11, 20)


@pytest.fixture(scope="module")
def year(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Six weeks of forty families, files every third week, two windows of claims."""
    name = f"year_{secrets.token_hex(4)}"
    admin = sa.create_engine(warehouse.normal_url(cluster.url), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template_tfi"))
    made = Year(opened(tmp_path_factory.mktemp("year"), cluster.database_url(name)), Order(40, 43, every=21))
    made.run()
    yield made
    warehouse.engine(warehouse.normal_url(made.settings.warehouse_url or "")).dispose()


def test_every_claim_is_valid_from_the_files_and_replays(year: Year) -> None:
    prove_the_end(year.proof, year.settings, year.truth)
    assert year.proof.wrong == []
    counted = year.proof.checked
    assert counted["claims checked from the landed files"] == counted["frozen claims replayed"] >= 15
    assert counted["entries of the ledger"] >= 8 * 15
    assert counted["lines of landed files read again"] > 60
    assert year.counts["claims paid"]
    assert year.counts["refreshes"] >= 3


def _first_window(year: Year) -> str:
    return str(year._rows("SELECT min(name) AS name FROM claim.window")[0]["name"])


def test_a_row_that_speaks_against_a_claim_is_found_in_the_files(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """The independent reader can say no: every person of the landed files was suspected of anti-social behaviour that day."""
    read, proof, name = Landed.standing, Proof(), _first_window(year)
    day = year._rows("SELECT as_at FROM claim.window WHERE name = :n", n=name)[0]["as_at"]

    def and_a_call_out(self: Landed, people: set[tuple[str, str]], families: set[str]) -> list[Standing]:
        found = read(self, people, families)
        police = next(f for f in self.files if f.feed == "police_incidents")
        row = {
            "occurrence_ref": "X",
            "role": "victim",
            "incident": "domestic_abuse",
            "occurred_on": str(day - timedelta(days=1)),
        }
        return found + [
            Standing(replace(police, partner=partner), row | {"person_ref": ref}) for partner, ref in people
        ]

    monkeypatch.setattr(Landed, "standing", and_a_call_out)
    check_window(proof, year.settings, year.truth, name, day)
    assert len(proof.wrong) > proof.checked["claims checked from the landed files"] / 2, "all but those by work"


def test_a_landed_file_that_is_tampered_with_is_called_out(year: Year) -> None:
    """The claim's evidence is as it was, its file is not: the line, the file and what it says now are named."""
    name = _first_window(year)
    told = freezing.replay(year.settings, name)[0]
    assert (told["same_evidence"], told["files_changed"], told["lines_differ"]) == (True, [], [])
    assert (
        f"Read {told['lines_read']} lines again in {told['files']} landed files: each says what the evidence says."
        in told["says"][1]
    )
    file, line, was = _line_of(year, told["claim_ref"], "family_plan")
    lines = was.decode().splitlines(keepends=True)
    cells = lines[line - 1].split(",")
    on = next(c for c in cells if c.startswith("201"))
    changed = lines[line - 1].replace(on, str(date.fromisoformat(on) + timedelta(days=1)), 1)
    file.chmod(0o600)
    try:
        file.write_bytes("".join([*lines[: line - 1], changed, *lines[line:]]).encode())
        told = freezing.replay(year.settings, told["claim_ref"])[0]
        assert told["same_evidence"], "what was frozen is as it was"
        assert [f.startswith("early_help_milestones_") for f in told["files_changed"]] == [True]
        assert any("its line now says starts on" in d and f"line {line})" in d for d in told["lines_differ"]), told[
            "lines_differ"
        ]
        assert "NOT what their lines say" in told["says"][1]
        assert (
            "landed file changed"
            in year._rows("SELECT changed_since FROM mart.claim_v1 WHERE claim_ref = :c", c=told["claim_ref"])[0][
                "changed_since"
            ]
        )
        file.write_bytes(gzip.compress(b"nonsense"))
        told = freezing.replay(year.settings, told["claim_ref"])[0]
        assert any("cannot be read any more" in d for d in told["lines_differ"])
        file.unlink()
        told = freezing.replay(year.settings, told["claim_ref"])[0]
        assert [f.startswith("early_help_milestones_") for f in told["files_changed"]] == [True]
    finally:
        file.write_bytes(was)
    assert freezing.replay(year.settings, told["claim_ref"])[0]["lines_differ"] == []


def _line_of(year: Year, claim_ref: str, kind: str) -> tuple[Path, int, bytes]:
    """The landed file and line of a fact of a claim's evidence, and the file's bytes."""
    with warehouse.transaction(year.settings) as conn:
        evidence = freezing.packs(conn, claim_ref)[0]["document"]["evidence"]
    fact = next(f for v in evidence["principles"] for f in v["facts"] if f["kind"] == kind)
    path = year._rows("SELECT landed_path FROM landing.delivery WHERE delivery_id = :d", d=fact["delivery_id"])[0][
        "landed_path"
    ]
    file = year.settings.landed / path
    return file, int(fact["line"]), file.read_bytes()
