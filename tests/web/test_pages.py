"""What the pages say, and what they never say."""

from __future__ import annotations

import re

import pytest
from served_pages import PARTICULARS, form_key

from tf_integration.keep.access import load_access

ROLES = tuple(load_access().roles)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_worklist_counts_families_and_names_them_by_their_reference(served):
    answer = served.as_("families").get("/families?status=in_progress")
    assert ">F1</a>" in answer.text
    assert "In progress: attached, and no result yet." in answer.text


def test_a_family_is_found_by_its_reference_and_by_its_number(served):
    client, number = served.as_("families"), served.household("F1")
    for named in ("F1", "early_help:F1", str(number), " F1 "):
        answer = client.get("/families/find", params={"named": named})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/families/{number}")
    missing = client.get("/families/find", params={"named": "F9"})
    assert missing.status_code == 404
    assert "No household has this number" in missing.text


def test_a_family_shows_each_verdict_with_the_line_that_it_comes_from(served):
    said = text_of(served.as_("families").get(f"/families/{served.household('F1')}").text)
    assert "early_help_milestones_20190601_0001.csv, line 4" in said     # the assessment
    assert "Attached 1 October 2018" in said
    assert "mother" in said
    assert "Why not" in said


def test_a_family_is_judged_for_another_day_and_nothing_of_that_stays(served):
    client, number = served.as_("families"), served.household("F1")
    before = served.council.rows("SELECT * FROM assess.readiness ORDER BY household_id")
    said = text_of(client.get(f"/families/{number}?as_at=2018-09-15").text)
    assert "Judged again for 15 September 2018" in said
    assert "Attached 1 October 2018" not in said
    assert served.council.rows("SELECT * FROM assess.readiness ORDER BY household_id") == before
    assert client.get(f"/families/{number}?as_at=15/09/2018").status_code == 400


def test_the_timeline_holds_every_event_with_its_line(served):
    said = text_of(served.as_("families").get(f"/families/{served.household('F1')}/timeline").text)
    assert "family attached to the programme" in said
    assert "early_help_milestones_20190601_0001.csv, line 3" in said


def test_every_look_at_a_family_is_kept_with_who_looked(served):
    client, number = served.sign_in("looking.one", "families"), served.household("F2")
    for path, page in (("", "family"), ("/timeline", "timeline")):
        assert client.get(f"/families/{number}{path}").status_code == 200
        event = served.events("look")[-1]
        assert (event["by_whom"], event["subject"], event["detail"]["page"]) == (
            "looking.one", f"household {number}", page)  # fmt: skip
    assert client.get(f"/families/{number}/pack").status_code == 404     # nothing is claimed for it
    said = text_of(served.as_("audit").get("/audit").text)
    assert "looking.one" in said
    assert "The audit chain holds" in said


def test_feeds_say_what_came_and_a_delivery_its_counts(served):
    client = served.as_("feeds")
    assert "Out-of-work benefits" in client.get("/feeds").text
    delivery = served.council.rows("SELECT delivery_id, sha256 FROM landing.delivery WHERE feed = 'dwp_benefits'")[0]
    address = f"/feeds/dwp_benefits/{delivery['delivery_id']}"
    assert address in client.get("/feeds/dwp_benefits").text
    said = text_of(client.get(address).text)
    assert "Rows read 1" in said
    assert delivery["sha256"] in said
    assert client.get("/feeds/none").status_code == 404
    assert client.get("/feeds/dwp_benefits/1").status_code == 404


def test_progress_counts_and_names_no_family(served):
    said = text_of(served.as_("progress").get("/progress").text)
    assert "0 claims stand" in said
    assert "F1" not in said


def test_a_pair_shows_shapes_and_on_asking_the_values_which_is_kept(served):
    client, pair = served.sign_in("reviewing.one", "review"), served.pair()
    assert pair in client.get("/matches").text
    plain = client.get(f"/matches/{pair}").text
    assert "xxxxxxx" in plain
    assert "Annabel" not in plain
    key = form_key(client, f"/matches/{pair}")
    named = client.post(f"/matches/{pair}/names", data={"form_key": key})
    assert "Annabel" in named.text
    looks = served.council.rows("SELECT by_whom FROM identity.review_look")
    assert [r["by_whom"] for r in looks] == ["reviewing.one"]


def test_a_word_on_a_pair_needs_a_reason_and_is_kept_with_the_account(served):
    client, pair = served.sign_in("deciding.one", "review"), served.pair()
    key = form_key(client, f"/matches/{pair}")
    assert client.post(f"/matches/{pair}", data={"form_key": key, "word": "different"}).status_code == 400
    unknown = client.post(f"/matches/{pair}", data={"form_key": key, "word": "maybe", "because": "a reason"})
    assert unknown.status_code == 400
    assert served.council.count("SELECT count(*) FROM identity.review") == 0
    said = client.post(f"/matches/{pair}", data={"form_key": key, "word": "different", "because": "two numbers"})
    assert "Two people: decided" in text_of(said.text)
    kept = served.council.rows("SELECT says, by_whom, because FROM identity.review")
    assert kept == [{"says": "different", "by_whom": "deciding.one", "because": "two numbers"}]


def test_no_page_that_is_only_read_shows_a_particular_of_anybody(served):
    client = served.as_(*ROLES)
    for address in served.addresses().values():
        found = [p for p in PARTICULARS if p in client.get(address).text]
        assert not found, address


@pytest.mark.parametrize("address", ["/nowhere", "/families/99", "/families/x", "/families/99/timeline", "/matches/zz",
                                     "/families/99/pack", "/feeds/none", "/feeds/dwp_benefits/x"])  # fmt: skip
def test_what_is_not_there_is_said_in_a_page(served, address):
    answer = served.as_(*ROLES).get(address)
    assert answer.status_code in (400, 404, 409)
    assert "<h1" in answer.text
    assert "detail" not in answer.text
