"""A partner's question: what comes back, what is kept, and what is not."""

from __future__ import annotations

import re
from html import unescape

import pytest
from served_pages import form_key

from tf_integration.store import warehouse

BORN = {"date_of_birth-day": "3", "date_of_birth-month": "2", "date_of_birth-year": "1980"}
TWINS = {"date_of_birth-day": "5", "date_of_birth-month": "4", "date_of_birth-year": "2010"}
WHY = "case 4711, strategy meeting"


@pytest.fixture
def ask(served):
    client = served.as_("look_up")
    key = form_key(client, "/look-up")

    def asked(because=WHY, **given):
        answer = client.post("/look-up", data={"form_key": key, "because": because, **given})
        return answer.status_code, " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split()), answer.text

    return asked


@pytest.mark.parametrize("given", [
    {"nino": "AB123456C", **BORN}, {"nino": "ab 12 34 56 c", "postcode": "ct12ab"},
    {"nino": "AB123456C", "surname": "GABLEWORTH"}, {"nino": "AB123456C", **BORN, "postcode": "CT1 2AB"},
])  # fmt: skip
def test_two_identifiers_of_one_person_bring_lead_worker_and_the_last_day(served, ask, given):
    code, said, _ = ask(**given)
    assert code == 200
    assert "Known to the family programme" in said
    assert "Lead worker <script>alert(1)</script> Worker" in said
    assert "Role family worker" in said
    assert "Last involved 9 October 2018" in said
    assert "Work is open" in said


def test_what_a_partner_wrote_is_text_and_never_markup(ask):
    _, _, html = ask(nino="AB123456C", surname="Gableworth")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("given", [
    {"surname": "Nobody", **BORN}, {"nino": "AB123456C", "surname": "Wharfinger"},
    {"nino": "AB123456C", **TWINS}, {"nhs_number": "943 476 5919", **BORN},
    {"surname": "Wharfinger", "postcode": "CT3 4DB"},          # known here, of no family that was ever attached
])  # fmt: skip
def test_who_is_not_meant_or_not_with_the_programme_looks_alike(ask, given):
    code, said, _ = ask(**given)
    assert code == 200
    assert "Not known to the family programme" in said
    assert "Lead worker" not in said


@pytest.mark.parametrize("born", [TWINS, BORN], ids=["twins", "a pair that waits for a reviewer"])
def test_of_two_people_nothing_is_said(ask, born):
    _, said, _ = ask(surname="Gableworth", **born)
    assert "More than one person answers to this" in said
    assert "Lead worker" not in said


@pytest.mark.parametrize(("given", "where"), [
    ({}, "nhs_number"), ({"surname": "Gableworth"}, "nhs_number"), (BORN, "nhs_number"),
    ({"nhs_number": "943 476 5918", **BORN}, "nhs_number"), ({"nino": "QQ123456C", **BORN}, "nino"),
    ({"upn": "X", **BORN}, "upn"), ({"postcode": "nowhere", **BORN}, "postcode"),
    ({"surname": "Gableworth", **BORN, "date_of_birth-month": "13"}, "date_of_birth"),
    ({"surname": "Gableworth", "date_of_birth-day": "3"}, "date_of_birth"),
    ({"surname": "Gableworth", **BORN, "date_of_birth-year": "eighty"}, "date_of_birth"),
    ({"surname": "Gableworth", **BORN, "because": "short"}, "because"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_box_and_nothing_is_asked(served, ask, given, where):
    before = len(served.events("look up"))
    code, said, html = ask(**given)
    assert code == 400
    assert "There is a problem" in said
    assert f'href="#{where}' in html
    assert len(served.events("look up")) == before


def test_a_question_is_kept_with_who_and_why_and_never_what_was_typed(served, ask):
    ask(nino="AB123456C", surname="Gableworth")
    event = served.events("look up")[-1]
    person = served.council.count(
        "SELECT l.person_id FROM core.source_record r JOIN identity.person_link l USING (source_record_id)"
        " WHERE r.person_ref = 'A1' AND l.known_to = 'infinity'")
    assert (event["by_whom"], event["because"], event["subject"]) == ("who.look-up", WHY, str(person))
    assert event["detail"] == {"given": ["nino", "surname"], "answer": "known"}
    ask(surname="Gableworth", **TWINS)
    assert served.events("look up")[-1]["subject"] == ""
    kept = str(served.council.rows("SELECT * FROM audit.event"))
    assert not re.search("AB123456C|Gableworth|gableworth|1980", kept)


def test_looks_at_a_person_and_at_their_family_stand_in_what_they_are_given(served, ask):
    from tf_integration.keep import person

    ask(nino="AB123456C", surname="Gableworth")
    served.as_("families").get(f"/families/{served.household('F1')}")
    with warehouse.transaction(served.settings) as conn:
        looks = person.held(conn, person.find(conn, "early_help:A1"))["looks"]
    assert {"look up", "look"} <= {look["act"] for look in looks}
    assert WHY in {look["because"] for look in looks}


def test_an_account_asks_so_often_in_an_hour_and_no_oftener(served, rules):
    client = served.sign_in("asking.much", "look_up")
    key = form_key(client, "/look-up")
    sent = {"form_key": key, "because": WHY, "surname": "Nobody", "postcode": "CT1 2AB"}
    codes = [client.post("/look-up", data=sent).status_code for _ in range(rules.look_up.each_hour + 1)]
    assert codes == [200] * rules.look_up.each_hour + [409]
    assert served.as_("look_up").get("/look-up").status_code == 200
