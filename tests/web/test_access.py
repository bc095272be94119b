"""Getting in, and not getting in."""

from __future__ import annotations

import socket

import httpx
import pytest
from served_pages import form_key, listening, routes

from tf_integration.flow.access import close_account, put_account
from tf_integration.keep.access import load_access
from tf_integration.model.errors import CallError
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.web.guard import HEADERS
from tf_integration.web.render import MENU

ROLES = tuple(load_access().roles)


def test_no_page_is_shown_to_somebody_who_has_not_signed_in(served):
    asked = served.addresses()
    assert len(asked) > 12
    for address in asked.values():
        answer = httpx.get(served.url + address)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), address
    for route in routes(served.app, "POST"):
        answer = httpx.post(served.url + route.replace("{pair}", served.pair()), data={"form_key": "x"})
        assert answer.status_code == 303, route


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_pages_and_no_other(served, role):
    client = served.as_(role)
    for route, address in served.addresses().items():
        mine = next((roles for path, _, roles in MENU if route.startswith(path)), (role,))
        expected = {200, 303, 404} if role in mine else {403}
        assert client.get(address).status_code in expected, address


def test_the_menu_holds_what_the_role_opens(served):
    text = served.as_("feeds").get("/").text
    assert 'href="/feeds"' in text
    assert 'href="/families"' not in text


def test_wrong_names_and_passwords_look_alike_and_are_kept(served):
    put_account(served.settings, "known.name", ["feeds"], "a test")
    said = {}
    for name in ("known.name", "unknown.name"):
        answer = httpx.post(served.url + "/sign-in", data={"name": name, "password": "wrong"})
        said[name] = (answer.status_code, answer.text)
        assert "set-cookie" not in answer.headers
    assert said["known.name"] == said["unknown.name"]
    assert said["known.name"][0] == 403
    kept = [e["by_whom"] for e in served.events("sign in refused")]
    assert kept[-2:] == ["known.name", "nobody"]
    assert not any("unknown.name" in str(e) for e in served.events("sign in refused"))


def test_after_too_many_wrong_passwords_the_right_one_waits_too(served, rules):
    right = put_account(served.settings, "tried.often", ["feeds"], "a test")["password"]

    def tried(password: str) -> int:
        return httpx.post(served.url + "/sign-in", data={"name": "tried.often", "password": password}).status_code

    assert {tried("wrong") for _ in range(rules.sign_on.failures - 1)} == {403}
    assert tried(right) == 303                       # one fewer, and the count begins again
    assert {tried("wrong") for _ in range(rules.sign_on.failures)} == {403}
    assert tried(right) == 403
    with warehouse.transaction(served.settings) as conn:
        later = "UPDATE web.account SET waits_until = waits_until - make_interval(mins => :m)"
        warehouse.execute(conn, later, [{"m": rules.sign_on.wait_minutes}])
    assert tried(right) == 303


def test_a_session_ends_when_it_is_idle_when_it_is_old_and_when_its_account_is_closed(served, rules):
    for name, column, minutes in (("idle.one", "seen_at", rules.sessions.idle_minutes),
                                  ("old.one", "began_at", rules.sessions.hours * 60)):  # fmt: skip
        client = served.sign_in(name, "feeds")
        for back, expected in ((minutes - 1, 200), (minutes + 1, 303)):
            with warehouse.transaction(served.settings) as conn:
                moved = f"UPDATE web.session SET {column} = now() - make_interval(mins => :m) WHERE name = :n"  # noqa: S608
                warehouse.execute(conn, moved, [{"m": back, "n": name}])
            assert client.get("/feeds").status_code == expected
    client = served.sign_in("closed.one", "feeds")
    assert client.get("/feeds").status_code == 200
    close_account(served.settings, "closed.one", "a test")
    assert client.get("/feeds").status_code == 303
    refused = client.post("/sign-in", data={"name": "closed.one", "password": served.passwords["closed.one"]})
    assert refused.status_code == 403


def test_new_roles_and_a_new_password_end_the_sessions_of_before(served):
    client = served.sign_in("changed.one", "feeds")
    again = put_account(served.settings, "changed.one", ["progress"], "a test")
    assert not again["is_new"]
    assert client.get("/feeds").status_code == 303
    old = {"name": "changed.one", "password": served.passwords["changed.one"]}
    assert client.post("/sign-in", data=old).status_code == 403


def test_signing_out_ends_the_session_and_not_the_cookie_alone(served):
    client = served.sign_in("leaving.one", "feeds")
    token = dict(client.cookies)
    assert client.post("/sign-out", data={"form_key": form_key(client)}).status_code == 303
    assert httpx.get(served.url + "/feeds", cookies=token).status_code == 303


def test_the_warehouse_holds_neither_password_nor_token(served):
    client = served.sign_in("kept.one", "feeds")
    held = str(served.council.rows("SELECT * FROM web.account") + served.council.rows("SELECT * FROM web.session"))
    assert "kept.one" in held
    assert served.passwords["kept.one"] not in held
    assert client.cookies["tfi_pages"] not in held


def test_the_cookie_is_for_these_pages_alone(served):
    password = put_account(served.settings, "cookie.one", ["feeds"], "a test")["password"]
    answer = httpx.post(served.url + "/sign-in", data={"name": "cookie.one", "password": password})
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert "secure" not in said
    outside = served.settings.model_copy(update={"web": type(served.settings.web)(url="https://pages.example")})
    with listening(outside) as (url, _):
        near = httpx.post(url + "/sign-in", data={"name": "cookie.one", "password": password})
        assert "secure" in near.headers["set-cookie"].lower()
        assert httpx.get(url + "/health", headers={"Host": "pages.example"}).status_code == 200


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_sent_elsewhere_after_signing_in(served, after):
    password = put_account(served.settings, "next.one", ["feeds"], "a test")["password"]
    sent = {"name": "next.one", "password": password, "next": after}
    assert httpx.post(served.url + "/sign-in", data=sent).headers["location"] == "/"


def test_a_form_from_elsewhere_is_refused(served):
    client = served.as_("look_up")
    key = form_key(client, "/look-up")
    asked = {"form_key": key, "surname": "Nobody", "postcode": "CT1 2AB", "because": "a long enough reason"}
    assert client.post("/look-up", data=asked).status_code == 200
    assert client.post("/look-up", data={**asked, "form_key": ""}).status_code == 403
    assert client.post("/look-up", data={**asked, "form_key": form_key(served.as_("audit"))}).status_code == 403
    assert client.post("/look-up", data=asked, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.post("/look-up", data=asked, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_body_that_is_too_large_or_of_no_length_is_not_read(served):
    assert httpx.post(served.url + "/sign-in", data={"name": "x" * 70_000}).status_code == 413
    endless = httpx.post(served.url + "/sign-in", content=iter([b"name=x"]))
    assert endless.status_code == 413


def test_another_name_of_this_machine_is_not_answered(served):
    assert httpx.get(served.url + "/sign-in", headers={"Host": "rebound.example"}).status_code == 400


def test_every_answer_has_the_headers_and_is_stored_nowhere(served):
    client = served.as_(*ROLES)
    for address in [*served.addresses().values(), "/sign-in", "/nowhere", "/families/x", "/feeds/none"]:
        answer = client.get(address)
        assert answer.headers["cache-control"] == "no-store", address
        for name in HEADERS:
            assert name.lower() in answer.headers, (address, name)
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_what_cannot_be_shown_is_said_without_a_word_of_its_own(served, tmp_path, caplog):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))                 # bound, and nobody listens
        gone = f"postgresql://tfi:hidden@127.0.0.1:{taken.getsockname()[1]}/warehouse"
        with listening(Settings(home=tmp_path, warehouse_url=gone)) as (url, _):
            answer = httpx.get(url + "/feeds", cookies={"tfi_pages": "some-token"})
    assert answer.status_code == 503
    assert "hidden" not in answer.text + caplog.text
    assert "Traceback" not in answer.text + caplog.text
    assert "some-token" not in answer.text + caplog.text


def test_a_role_that_nobody_defined_and_a_name_that_is_none_are_refused(served):
    with pytest.raises(CallError, match="no role"):
        put_account(served.settings, "new.one", ["everything"], "a test")
    for name in ("", "Has Blank", "UPPER", "x" * 81, "../x"):
        with pytest.raises(CallError, match="not a name"):
            put_account(served.settings, name, ["feeds"], "a test")
