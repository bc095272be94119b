"""What a frozen claim keeps: its evidence in a pack, and the same answer when it is worked out again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from claim.a_window import frozen
from claim.council import Council
from tf_integration.claim.evidence import digest
from tf_integration.flow import claims, freezing


def test_a_pack_is_whole_readable_and_hashed(council: Council) -> None:
    council.ready("one")
    council.judge()
    frozen(council)
    files = claims.write_pack(council.settings, "w", council.settings.home / "packs")
    assert [f.rsplit("/", 1)[1] for f in files] == ["w.html", "w-0001.json", "w-0001.html", "w-0001.pdf"]
    data = json.loads(Path(files[1]).read_text())
    assert data["evidence_sha256"] == digest(data["evidence"])
    assert data["evidence_sha256"] == council.value("SELECT evidence_sha256 FROM mart.claim_v1")
    evidence = data["evidence"]
    assert len(evidence["plan"]["sha256"]) == 64
    present = [p for p in evidence["problems"] if p["present_since"] == "met"]
    facts = [f for p in present for v in p["identified"] for f in v["facts"]]
    assert facts
    assert all(f["file"] and f["line"] and len(f["sha256"]) == 64 and f["loaded_on"] for f in facts)
    assert all(v["rule"]["says"] and v["rule"]["source"] for p in present for v in p["identified"])
    assert {c["problem"] for c in evidence["calendar"]} == {p["problem"] for p in present}
    assert data["sign_offs"]["approved"]["by_whom"] == "Cas"
    page = Path(files[2]).read_text()
    digests = data["evidence_sha256"], evidence["plan"]["sha256"]
    for said in (*digests, "Sign-offs", "The sustained period", facts[0]["file"], "Cas"):
        assert said in page
    assert "<script" not in page
    assert "http" not in page
    pdf = Path(files[3]).read_bytes()
    assert pdf.startswith(b"%PDF")
    assert claims.write_pack(council.settings, "w", council.settings.home / "packs")
    assert Path(files[3]).read_bytes() == pdf


def test_names_are_in_a_pack_only_when_asked_for(council: Council) -> None:
    council.ready()
    council.judge()
    council.value("UPDATE core.source_record SET forename = 'Ida', surname = 'Quillfeather' RETURNING 1")
    frozen(council)
    out = council.settings.home
    files = claims.write_pack(council.settings, "w-0001", out)
    assert not any(b"Quillfeather" in Path(f).read_bytes() for f in files)
    files = claims.write_pack(council.settings, "w-0001", out, names=True, by="Ada")
    assert "Quillfeather" in Path(files[1]).read_text()
    assert "Quillfeather" not in Path(files[0]).read_text()
    assert {Path(f).stat().st_mode & 0o077 for f in files} == {0}
    kept = council.rows("SELECT by_whom, subject, because FROM audit.event WHERE act = 'pack with names'")
    people = council.rows(
        "SELECT DISTINCT person_id FROM claim.person_record JOIN identity.person_link USING (source_record_id)"
    )
    assert {k["by_whom"] for k in kept} == {"Ada"}
    assert {k["because"] for k in kept} == {"evidence pack of w-0001"}
    assert {p["person_id"] for p in people} <= {int(k["subject"]) for k in kept}


def test_a_pack_on_paper_has_the_letters_of_every_name(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    council.ready()
    council.judge()
    council.value("UPDATE core.source_record SET forename = 'Łucja', surname = 'Țîrlea ✓' RETURNING 1")
    frozen(council)
    files = claims.write_pack(council.settings, "w-0001", council.settings.home, names=True, by="Ada")
    paper = next(Path(f).read_bytes() for f in files if str(f).endswith(".pdf"))
    shown = b" ".join(re.findall(rb"begincmap(.*?)endcmap", paper, re.DOTALL))
    assert all(f"> <{ord(letter):04X}>".encode() in shown for letter in "ŁȚî")
    assert "glyph" not in caplog.text, "a letter that the face has not is a letter of somebody's name"


def test_a_frozen_claim_replays_to_the_same_and_says_what_has_changed_since(council: Council) -> None:
    family = council.ready()
    council.judge()
    frozen(council)
    told = freezing.replay(council.settings, "w")[0]
    assert (told["claim_ref"], told["same_evidence"], told["still_stands"]) == ("w-0001", True, True)
    assert told["changed_since"] == []
    assert (told["files"], len(told["files_changed"])) == (3, 3), "this council's files never landed"
    kept = council.rows("SELECT same_evidence, still_stands, changed_since FROM claim.replay")[0]
    assert (kept["same_evidence"], kept["still_stands"]) == (True, True)
    assert kept["changed_since"].count("landed file changed or gone") == 3
    council.value("UPDATE core.fact SET known_to = clock_timestamp() WHERE kind = 'family_plan' RETURNING 1")
    told = freezing.replay(council.settings, "w-0001")[0]
    assert (told["same_evidence"], told["still_stands"]) == (True, False)
    assert any("no longer counts" in c for c in told["changed_since"])
    assert council.status(family) == ("claimed", "w-0001")


def test_claims_frozen_together_replay_one_by_one_to_the_same(council: Council) -> None:
    """What counts as evidence against a claim depends on its own sustained period, whoever else is in the window."""
    families = [council.ready("with school"), council.ready("without")]
    families[0].fact("permanent_exclusion", "kid", "2017-02-01", place="8810001")
    for n, family in enumerate(families):
        family.fact("crime_involvement", "mum", "2017-11-01", ref=f"v{n}")
    council.judge()
    frozen(council)
    firsts = "SELECT jsonb_path_query_array(document, '$.evidence.calendar[*].first_day') AS days FROM claim.pack"
    assert len({min(r["days"]) for r in council.rows(firsts)}) == 2, "the two look back over different periods"
    for claim in ("w-0001", "w-0002", "w"):
        assert all(told["same_evidence"] for told in freezing.replay(council.settings, claim)), claim


def test_a_replay_uses_the_rules_of_then(council: Council) -> None:
    council.ready()
    council.judge()
    frozen(council)
    council.value(
        "UPDATE assess.plan SET plan_hash = 'another', document = jsonb_set(document, '{needs}', '6') "
        "WHERE plan_id = 'national-2015' RETURNING 1"
    )
    told = freezing.replay(council.settings, "w")[0]
    assert (told["same_evidence"], told["still_stands"]) == (True, False)
    assert "the plan's text has changed" in told["changed_since"]
    assert council.value("SELECT plan_hash FROM assess.plan WHERE plan_id = 'national-2015'") == "another"
