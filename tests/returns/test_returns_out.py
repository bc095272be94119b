"""What goes out, to whom, and what does not."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy.exc
from small_council import Council

from tf_integration.flow import match, returns
from tf_integration.flow.returns import PERSONAL
from tf_integration.flow.unit_costs import load_unit_costs
from tf_integration.model.costs import load_costs
from tf_integration.model.errors import CallError, ContractError, NeedsAPerson
from tf_integration.model.returns import load_shape
from tf_integration.store import warehouse

WHO = ("Ada", "the June return")
LATER = date.today() + timedelta(days=30)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_progress_gives_each_member_before_and_after_under_pseudonyms(families: Council, tmp_path: Path) -> None:
    told = returns.progress(families.settings, tmp_path / "p.csv", *WHO)
    rows = read(tmp_path / "p.csv")
    assert (told["rows"], len(rows), told["verified"]) == (4, 4, False)
    mother = next(r for r in rows if r["Role"] == "mother" and r["Start date"] == "2018-10-01")
    assert (mother["Age band"], mother["Date of assessment"], mother["Lead worker from"], mother["Date of plan"]) == (
        "35 to 49", "2018-10-09", "2018-10-02", "")  # fmt: skip
    other = next(r for r in rows if r["Role"] == "mother" and r["Start date"] == "2019-05-01")
    assert (other["Benefit before"], other["Benefit after"], other["S47 before"]) == ("1", "1", "0")
    text = (tmp_path / "p.csv").read_text()
    assert not any(word in text for word in ("Gable", "Wharf", "High Street", "AB123456C"))
    assert (tmp_path / "p.csv").stat().st_mode & 0o077 == 0


def test_a_pseudonym_of_the_progress_return_is_its_own_and_leads_back_here_alone(
    families: Council, tmp_path: Path
) -> None:
    returns.progress(families.settings, tmp_path / "p.csv", *WHO)
    returns.permit(families.settings, "impact", "Ada", "Grace", "wave 2", LATER)
    returns.impact(families.settings, tmp_path / "i.csv", *WHO)
    rows, others = read(tmp_path / "p.csv"), read(tmp_path / "i.csv")
    members = families.rows(
        "SELECT DISTINCT household_id, person_id FROM identity.membership JOIN assess.readiness USING (household_id)"
        " WHERE known_to = 'infinity' AND attached_on IS NOT NULL"
    )
    ids = ("Family ID", "Person ID")
    behind = {tuple(returns.whose(families.settings, r[c], "Ada")["id"] for c in ids) for r in rows}
    asked = families.rows("SELECT by_whom FROM audit.event WHERE act = 'pseudonym led back'")
    assert asked == [{"by_whom": "Ada"}] * 2 * len(rows)
    assert behind == {(m["household_id"], m["person_id"]) for m in members}
    assert len(behind) == len(rows)
    analysts = families.rows("SELECT household_pseudonym AS f, person_pseudonym AS p FROM analyst.household_member_v1")
    elsewhere = {r[c] for r in others for c in ("Family ID", "Person ID")} | {v for a in analysts for v in a.values()}
    assert not {r[c] for r in rows for c in ("Family ID", "Person ID")} & elsewhere
    with pytest.raises(CallError, match="nobody bears"):
        returns.whose(families.settings, str(members[0]["person_id"]), "Ada")


def test_a_councils_own_map_renames_recodes_and_is_refused_when_it_asks_for_what_there_is_not(
    families: Council, tmp_path: Path
) -> None:
    own = families.settings.home / "returns"
    own.mkdir()
    words = "title: x\nholds: x\nverified: yes\nmonths: 12\nage_bands: [0, 18]\ncolumns:\n"
    (own / "progress.yaml").write_text(words + "- {as: ROLE, from: relationship, codes: {mother: '1', child: '2'}}\n")
    assert returns.progress(families.settings, tmp_path / "p.csv", *WHO)["verified"]
    assert sorted(r["ROLE"] for r in read(tmp_path / "p.csv")) == ["1", "1", "2", "2"]
    (own / "progress.yaml").write_text(words + "- {as: ROLE, from: surname}\n")
    with pytest.raises(ContractError, match="column ROLE"):
        returns.progress(families.settings, tmp_path / "q.csv", *WHO)
    (own / "progress.yaml").write_text(words + "- {as: ROLE, form: relationship}\n")
    with pytest.raises(ContractError, match=r"columns\.0\.from"):
        returns.progress(families.settings, tmp_path / "q.csv", *WHO)
    assert not (tmp_path / "q.csv").exists()


def test_personal_data_goes_out_only_by_leave_that_another_gave_and_that_still_holds(
    families: Council, tmp_path: Path
) -> None:
    settings = families.settings
    for given in ((), ("impact", "Eve"), ("match", "Ada")):
        if given:
            returns.permit(settings, given[0], given[1], "Grace", "wave 2", LATER)
        with pytest.raises(NeedsAPerson, match="Ada has no leave today"):
            returns.impact(settings, tmp_path / "i.csv", *WHO)
    with pytest.raises(CallError, match="1 January 2019 is past"):
        returns.permit(settings, "impact", "Ada", "Grace", "wave 2", date(2019, 1, 1))
    families.rows("INSERT INTO returns.permission (what, given_to, given_by, because, until)"
                  " VALUES ('impact', 'Ada', 'Grace', 'has run out', current_date - 1) RETURNING 1")  # fmt: skip
    with pytest.raises(NeedsAPerson, match="Ada has no leave today"):
        returns.impact(settings, tmp_path / "i.csv", *WHO)
    with pytest.raises(CallError, match="nobody gives leave to themselves"):
        returns.permit(settings, "impact", "Ada", " ada ", "wave 2", LATER)
    with pytest.raises(CallError, match="needs leave"):
        returns.permit(settings, "progress", "Ada", "Grace", "wave 2", LATER)
    leave = returns.permit(settings, "impact", "Ada", "Grace", "wave 2", LATER)
    assert returns.impact(settings, tmp_path / "i.csv", *WHO)["rows"] == 4
    (kept,) = families.rows("SELECT * FROM returns.made")
    assert (kept["what"], kept["by_whom"], kept["permission_id"], kept["rows"]) == (
        "impact", "Ada", leave["permission_id"], 4)  # fmt: skip
    for table in ("returns.made", "returns.permission"):
        with (
            pytest.raises(sqlalchemy.exc.IntegrityError, match="never changed"),
            warehouse.transaction(settings) as conn,
        ):
            warehouse.execute(conn, f"DELETE FROM {table}")  # noqa: S608


def test_what_the_benefits_partner_said_is_not_passed_on_and_a_formula_is_inert(
    families: Council, tmp_path: Path
) -> None:
    returns.permit(families.settings, "impact", "Ada", "Grace", "wave 2", LATER)
    returns.impact(families.settings, tmp_path / "i.csv", *WHO)
    text, rows = (tmp_path / "i.csv").read_text(), read(tmp_path / "i.csv")
    assert "Secret Lane" not in text
    assert "CE123456A" not in text
    assert {r["NINO"] for r in rows} == {"AB123456C", ""}
    assert {r["Surname"] for r in rows} == {"'=Gable", "Gable", "Wharf"}


def test_people_who_objected_are_left_out(families: Council, tmp_path: Path) -> None:
    returns.permit(families.settings, "impact", "Ada", "Grace", "wave 2", LATER)
    (person,) = families.rows("SELECT person_id FROM identity.person_link l JOIN core.source_record s USING"
                              " (source_record_id) WHERE s.person_ref = 'C1'")  # fmt: skip
    (tmp_path / "no.csv").write_text(f"person_id\n{person['person_id']}\n")
    told = returns.impact(families.settings, tmp_path / "i.csv", *WHO, without=tmp_path / "no.csv")
    assert (told["rows"], told["objected"]) == (3, 1)
    (tmp_path / "no.csv").write_text(f"person_id\n{person['person_id']}\n263\n")
    with pytest.raises(CallError, match="no person bears the id 263"):
        returns.impact(families.settings, tmp_path / "j.csv", *WHO, without=tmp_path / "no.csv")
    assert not (tmp_path / "j.csv").exists()
    (tmp_path / "no.csv").write_text("name\nx\n")
    with pytest.raises(CallError, match="person_id"):
        returns.impact(families.settings, tmp_path / "j.csv", *WHO, without=tmp_path / "no.csv")


def test_a_quarter_counts_who_was_attached_in_it_and_before(families: Council, tmp_path: Path) -> None:
    returns.outcomes(families.settings, tmp_path / "o.csv", *WHO, quarter="2019Q2")
    found = {(r["Measure"], r["Problem"]): r["Families"] for r in read(tmp_path / "o.csv")}
    assert (found["attached in the quarter", ""], found["attached by its end", ""]) == ("1", "2")
    assert found["with a lead worker", ""] == "1"
    assert returns.days_of("2019q4") == (date(2019, 10, 1), date(2019, 12, 31))
    for wrong in ("2019", "2019Q5", "19Q1"):
        with pytest.raises(CallError, match="not a quarter"):
            returns.days_of(wrong)


def test_nothing_goes_out_unnamed_or_over_an_earlier_file(families: Council, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="who takes it out"):
        returns.progress(families.settings, tmp_path / "p.csv", " ", "why")
    returns.progress(families.settings, tmp_path / "p.csv", *WHO)
    with pytest.raises(CallError, match="already"):
        returns.progress(families.settings, tmp_path / "p.csv", *WHO)
    assert families.count("SELECT count(*) FROM returns.made") == 1


def reply_of(request: list[dict[str, str]], *answers: tuple[str, str, str], more: str = "") -> str:
    text = "Reference,Match,Benefit,Start date,End date,UC regime,Earnings above threshold\n"
    for row, (found, benefit, start) in zip(request, answers, strict=False):
        text += f"{row['Reference']},{found},{benefit},{start},,,\n"
    return text + more


@pytest.fixture
def asked(families: Council, tmp_path: Path) -> dict[str, Any]:
    returns.permit(families.settings, "match", "Ada", "Grace", "the monthly match", LATER)
    return match.request(families.settings, tmp_path / "m.csv", *WHO)


def test_a_match_is_asked_of_adults_with_a_full_address_alone(families: Council, asked: dict[str, Any]) -> None:
    rows = read(Path(asked["file"]))
    assert [(r["Surname"], r["NINO"], r["Postcode"]) for r in rows] == [("'=Gable", "AB123456C", "CT1 2AB")]
    assert asked["left_out"] == 1  # nobody but the benefits partner says where she lives
    again = match.request(families.settings, Path(asked["file"]).with_name("n.csv"), *WHO)
    assert read(Path(again["file"]))[0]["Reference"] == rows[0]["Reference"]


def test_the_reply_is_a_delivery_like_any_other_and_makes_facts_of_the_right_person(
    families: Council, asked: dict[str, Any], tmp_path: Path
) -> None:
    request = read(Path(asked["file"]))
    (tmp_path / "reply.csv").write_text(reply_of(request, ("full", "ESA", "2019-01-07"), more="M000,none,,,,,\n"))
    extracts = families.partners["dwp"].extracts
    told = match.reply(families.settings, tmp_path / "reply.csv", asked["made_id"], date(2019, 6, 30), extracts)
    assert (told["rows"], told["matches"], told["unknown"], told["not_answered"]) == (1, {"full": 1}, [3], 0)
    name = Path(told["file"]).name
    assert name == "dwp_benefits_20190630_0002.csv"
    (row,) = csv.DictReader((extracts / name).open())
    assert {c for c in PERSONAL if row[c]} <= {c.source for c in load_shape("match")[0].columns}, "no more than it had"
    assert row["nino"] == "AB123456C"
    assert (row["upn"], row["uprn"], row["sex"]) == ("", "", "")
    again = match.reply(families.settings, tmp_path / "reply.csv", asked["made_id"], date(2019, 7, 1), tmp_path)
    assert Path(again["file"]).name == "dwp_benefits_20190701_0002.csv"
    again = match.reply(families.settings, tmp_path / "reply.csv", asked["made_id"], date(2019, 7, 2), tmp_path)
    assert Path(again["file"]).name == "dwp_benefits_20190702_0003.csv", "one lies there that nobody has fetched yet"
    assert families.night("dwp_benefits", "2019-06-30") == ["accepted"]
    assert families.partners["dwp"].receipt(name)["rows_loaded"] == 1
    from tf_integration.flow.refresh import refresh

    refresh(families.settings, date(2019, 6, 30))
    found = families.rows(
        "SELECT a.person_id = l.person_id AS is_hers FROM core.fact f"
        " JOIN identity.person_link l USING (source_record_id) CROSS JOIN returns.asked a"
        " WHERE f.kind = 'benefit' AND f.code = 'ESA' AND f.known_to = 'infinity' AND l.known_to = 'infinity'"
    )
    assert found == [{"is_hers": True}]
    (listed,) = [r for r in returns.made(families.settings) if r["what"] == "match"]
    assert (listed["asked"], listed["answered"]) == (1, 1)


def test_a_reply_without_its_columns_or_its_request_is_refused_before_anything_is_written(
    families: Council, asked: dict[str, Any], tmp_path: Path
) -> None:
    extracts = families.partners["dwp"].extracts
    before = sorted(f.name for f in extracts.iterdir())
    reply = tmp_path / "reply.csv"
    reply.write_text("Reference,Match\n")
    with pytest.raises(CallError, match="has no column Benefit"):
        match.reply(families.settings, reply, asked["made_id"], date(2019, 6, 30), extracts)
    reply.write_text(reply_of([]))
    with pytest.raises(CallError, match="asked about anybody"):
        match.reply(families.settings, reply, 999, date(2019, 6, 30), extracts)
    with pytest.raises(CallError, match="no such folder"):
        match.reply(families.settings, reply, asked["made_id"], date(2019, 6, 30))
    assert sorted(f.name for f in extracts.iterdir()) == before


@pytest.mark.parametrize("name", ["progress", "impact", "outcomes", "cohort", "match"])
def test_every_shipped_layout_says_that_nobody_has_checked_it(name: str) -> None:
    shape, _ = load_shape(name)
    assert not shape.verified
    assert shape.needs_permission == (name in ("impact", "match"))


def test_unit_costs_are_a_councils_to_edit(families: Council) -> None:
    own = families.settings.home / "returns"
    own.mkdir(exist_ok=True)
    head = "disclosure: {least: 7, round_to: 5, round_pounds: 50, months: 12}\nsource: our own\nverified: yes\ncosts:\n"
    (own / "unit_costs.yaml").write_text(head + "  x: {kind: s47, per: event, pounds: 10, says: x}\n")
    with warehouse.transaction(families.settings) as conn:
        assert load_unit_costs(conn, families.settings.home) == {"items": 1, "verified": True}
    assert families.rows("SELECT item, pounds, source, verified FROM returns.unit_cost") == [
        {"item": "x", "pounds": 10, "source": "our own", "verified": True}]  # fmt: skip
    (own / "unit_costs.yaml").write_text(head + "  x: {kind: nothing, per: event, pounds: 10, says: x}\n")
    with pytest.raises(ContractError, match="no such kind"), warehouse.transaction(families.settings) as conn:
        load_unit_costs(conn, families.settings.home)
    (own / "unit_costs.yaml").write_text(head + "  x: {kind: s47, per: month, pounds: -1, says: x}\n")
    with pytest.raises(ContractError, match=r"costs\.x\.per"):
        load_costs(families.settings.home)


def test_a_person_may_ask_whose_returns_held_them_and_an_erasure_takes_that_too(
    families: Council, asked: dict[str, Any], tmp_path: Path
) -> None:
    from tf_integration.flow.person import erase
    from tf_integration.keep import person

    returns.permit(families.settings, "impact", "Ada", "Grace", "wave 2", LATER)
    returns.impact(families.settings, tmp_path / "i.csv", *WHO)
    returns.progress(families.settings, tmp_path / "p.csv", *WHO)
    with warehouse.transaction(families.settings) as conn:
        ann = person.find(conn, "early_help:A1")
        told = [d["what"] for d in person.held(conn, ann)["disclosures"]]
    assert told == ["match", "impact", "progress"]
    assert families.count("SELECT count(*) FROM returns.disclosed WHERE person_id = :p", p=ann) == 3
    erase(families.settings, "early_help:A1", "Ada", "request 13")
    for table in ("asked", "disclosed"):
        assert families.count(f"SELECT count(*) FROM returns.{table} WHERE person_id = :p", p=ann) == 0  # noqa: S608


def test_the_reply_holds_what_was_sent_and_not_what_was_said_since(
    families: Council, asked: dict[str, Any], tmp_path: Path
) -> None:
    early_help = families.partners["early_help"]
    moved = (early_help.extracts / "early_help_members_20190601_0001.csv").read_text()
    early_help.put("early_help_members", "2019-06-02", 2, moved.replace("1 High Street", "99 Refuge Way"))
    assert families.night("early_help_members", "2019-06-02") == ["accepted"]
    (tmp_path / "reply.csv").write_text(reply_of(read(Path(asked["file"])), ("full", "ESA", "2019-01-07")))
    told = match.reply(families.settings, tmp_path / "reply.csv", asked["made_id"], date(2019, 6, 30), tmp_path)
    assert "Refuge" not in Path(told["file"]).read_text()
    assert "1 High Street" in Path(told["file"]).read_text()
