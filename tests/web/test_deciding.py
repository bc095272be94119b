"""Deciding about a held delivery: what is seen first, who may, and what is kept."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from served_pages import Served, form_key, held_delivery

BECAUSE = "the partner confirms it"


@pytest.fixture
def held(served: Served) -> str:
    return held_delivery(served)


def text_of(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def send(client: httpx.Client, address: str, **said: Any) -> httpx.Response:
    return client.post(address, data={"form_key": form_key(client), **said})


def test_who_may_not_decide_sees_why_it_is_held_and_no_form(served, held):
    client = served.as_("feeds")
    said = client.get(held).text
    assert "control rows" in said
    assert "What becomes of it?" not in said
    for path in ("", "/would"):
        assert send(client, held + path, act="reject", because=BECAUSE).status_code == 403


def test_what_it_would_change_is_shown_and_nothing_of_it_stays(served, held):
    facts = served.council.facts("early_help_milestones")
    said = text_of(send(served.as_("deciding"), held + "/would"))
    assert "If it were applied, as at" in said
    assert "Families 1 touched" in said
    assert re.search(r"Status (none|eligible|not eligible|cannot tell) in progress 1", said), said
    assert served.council.facts("early_help_milestones") == facts


def test_a_release_is_kept_in_the_name_of_the_account_and_applied_the_next_night(served, held):
    client = served.sign_in("deciding.one", "deciding")
    assert "One person may release it" in text_of(client.get(held))
    assert "applied when its feed is next delivered" in text_of(send(client, held, act="release", because=BECAUSE))
    again = send(client, held, act="release", because=BECAUSE)
    assert (again.status_code, "released it already" in again.text) == (409, True)
    said = text_of(client.get(held))
    assert f"release by deciding.one. {BECAUSE}" in said
    assert "Releases given so far are taken back" in said
    assert served.council.night("early_help_milestones", "2019-06-03") == ["accepted"]
    assert "What becomes of it?" not in client.get(held).text


def test_what_needs_two_people_needs_two_accounts(served):
    guards = served.settings.home / "guards.yaml"
    guards.write_text("rules:\n  control_rows: {effect: hold, people: 2, says: Send it again.}\n")
    held = held_delivery(served)
    guards.unlink()
    first, second = (served.sign_in(name, "deciding") for name in ("first.one", "second.one"))
    assert "Released by 0 of the 2 different people" in text_of(first.get(held))
    assert "By 1 of the 2 people that it needs" in text_of(send(first, held, act="release", because=BECAUSE))
    assert send(first, held, act="release", because=BECAUSE).status_code == 409
    assert served.council.night("early_help_milestones", "2019-06-03") == []
    assert "applied when" in text_of(send(second, held, act="release", because=BECAUSE))
    assert served.council.night("early_help_milestones", "2019-06-03") == ["accepted"]


def test_a_rejection_is_for_good(served, held):
    client = served.as_("deciding")
    assert "its receipt says so" in text_of(send(client, held, act="reject", because=BECAUSE))
    assert "What becomes of it?" not in client.get(held).text
    assert send(client, held, act="release", because=BECAUSE).status_code == 409


@pytest.mark.parametrize("said", [{}, {"act": "release"}, {"act": "release", "because": "  "},
                                  {"act": "erase", "because": BECAUSE}, {"because": BECAUSE}])  # fmt: skip
def test_a_form_without_an_act_or_a_reason_decides_nothing(served, held, said):
    before = served.council.count("SELECT count(*) FROM landing.decision")
    answer = send(served.as_("deciding"), held, **said)
    assert (answer.status_code, "Choose what to do, and say why." in answer.text) == (400, True)
    assert served.council.count("SELECT count(*) FROM landing.decision") == before
