"""Signing in at the council's own sign-on service."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from an_issuer import CLIENT, SECRET, Issuer, issuing, new_key
from served_pages import CHROMIUM, Served, listening

from tf_integration.flow.access import accounts, close_account, put_account
from tf_integration.keep.access import load_access
from tf_integration.keep.openid import REASONS
from tf_integration.model.errors import CallError
from tf_integration.model.settings import OpenId, Settings, Web
from tf_integration.serve.checkup import sign_on
from tf_integration.serve.postgres import free_port
from tf_integration.store import warehouse

AMINA = {"sub": "7f3a", "preferred_username": "Amina.Khan@council.example", "groups": ["claims team", "everybody"]}
MAPPED = 'openid:\n  roles:\n    "claims team": [families, progress]\n    partners: [look_up]\n'


@pytest.fixture(scope="module")
def service() -> Iterator[Issuer]:
    with issuing(free_port()) as found:
        yield found


@pytest.fixture
def issuer(service: Issuer) -> Issuer:
    fresh = Issuer(service.port)
    service.__dict__.update(fresh.__dict__)
    service.user = dict(AMINA)
    return service


@pytest.fixture
def asked(served: Served, issuer: Issuer, tmp_path: Path) -> Iterator[Any]:
    """The pages with the service named in their settings: their address."""
    (tmp_path / "secret").write_text(SECRET + "\n")
    opened: list[Any] = []

    def start(mapped: str = "", **told: Any) -> str:
        (served.settings.home / "access.yaml").write_text(mapped)
        named = {"issuer": issuer.url, "client_id": CLIENT, "secret_file": tmp_path / "secret", **told}
        opened.append(listening(with_service(served, OpenId(**named))))
        return opened[-1].__enter__()[0]

    yield start
    (served.settings.home / "access.yaml").unlink(missing_ok=True)
    for pages in opened:
        pages.__exit__()
    with_no_account(served)


def with_no_account(served: Served) -> None:
    with warehouse.transaction(served.settings) as conn:
        warehouse.execute(conn, "DELETE FROM web.account WHERE name LIKE :n", [{"n": "%@council.example"}])


def walked(url: str, after: str = "/") -> tuple[httpx.Client, httpx.Response]:
    """A browser's way there and back: the client, and the last answer."""
    client = httpx.Client(base_url=url, timeout=30)
    there = client.get("/sign-in/openid", params={"next": after})
    assert there.status_code == 303
    back = httpx.get(there.headers["location"])
    return client, client.get(back.headers["location"])


def with_service(served: Served, told: OpenId) -> Settings:
    return served.settings.model_copy(update={"web": Web(openid=told)})


def refused(served: Served, url: str, reason: str) -> bool:
    client, answer = walked(url)
    last = served.events("sign in refused")[-1]
    assert (last["by_whom"], last["detail"]["reason"]) == ("nobody", reason)
    assert REASONS[reason] in unescape(answer.text)
    assert "tfi_pages" not in client.cookies
    return answer.status_code == 403


def test_groups_bring_roles_and_the_account_makes_itself(served, asked):
    client, answer = walked(asked(MAPPED), "/families?status=ready")
    assert answer.status_code == 200
    assert 'content="0; url=/families?status=ready"' in answer.text
    assert client.get("/families").status_code == 200
    assert client.get("/look-up").status_code == 403
    kept = served.council.rows("SELECT * FROM web.account WHERE subject = '7f3a'")[0]
    assert (kept["name"], kept["password"]) == ("amina.khan@council.example", None)
    assert kept["roles"] == ["families", "progress"]
    assert served.events("sign in")[-1]["by_whom"] == "amina.khan@council.example"


def test_a_group_that_is_taken_away_takes_its_role_along(served, asked, issuer):
    url = asked(MAPPED)
    before, _ = walked(url)
    issuer.user["groups"] = ["partners"]
    now, _ = walked(url)
    for client in (before, now):
        assert client.get("/families").status_code == 403
        assert client.get("/look-up").status_code == 200
    issuer.user["groups"] = ["everybody"]
    assert refused(served, url, "no_role")
    issuer.user["groups"] = None
    assert refused(served, url, "no_role")


def test_without_groups_an_account_waits_for_whoever_has_its_name_first(served, asked, issuer):
    url = asked()
    assert refused(served, url, "no_account")
    told = put_account(served.settings, "amina.khan@council.example", ["feeds"], "a test", is_vouched=True)
    assert told["password"] is None
    for expected in ("nobody yet", issuer.url):
        by_name = {a["name"]: a["vouched_by"] for a in accounts(served.settings)}
        assert by_name["amina.khan@council.example"] == expected
        assert expected in served.as_("audit").get("/audit").text
        assert walked(url)[0].get("/feeds").status_code == 200
    assert walked(url)[0].get("/feeds").status_code == 200
    issuer.user["sub"] = "another person"
    assert refused(served, url, "taken")
    issuer.user.update(sub="7f3a", preferred_username="amina.shah@council.example")   # a new name, and the same person
    assert walked(url)[0].get("/feeds").status_code == 200
    assert "amina.shah" not in str(served.council.rows("SELECT * FROM web.account"))


def test_an_account_that_is_closed_stays_closed_until_it_is_let_in_anew(served, asked, issuer):
    url = asked(MAPPED)
    client, _ = walked(url)
    close_account(served.settings, "amina.khan@council.example", "a test")
    assert client.get("/families").status_code == 303
    assert refused(served, url, "closed")
    put_account(served.settings, "amina.khan@council.example", ["feeds"], "a test", is_vouched=True)
    issuer.user["sub"] = "whoever has the name now"
    assert walked(url)[0].get("/families").status_code == 200


def test_the_service_takes_no_account_that_has_a_password(served, asked, issuer):
    put_account(served.settings, "amina.khan@council.example", ["feeds"], "a test")
    assert refused(served, asked(MAPPED), "taken")


def test_of_two_who_come_at_once_with_one_name_one_is_let_in(served, asked, issuer, monkeypatch):
    url = asked(MAPPED)
    found = warehouse.run

    def while_another_comes_first(conn: Any, statement: str, **more: Any) -> Any:
        if statement == "web/account__vouch.sql" and more["subject"] == "7f3a":
            with warehouse.transaction(served.settings) as other:
                found(other, statement, **{**more, "subject": "the first"})
        return found(conn, statement, **more)

    monkeypatch.setattr(warehouse, "run", while_another_comes_first)
    assert refused(served, url, "taken")
    kept = served.council.rows("SELECT subject FROM web.account WHERE name = 'amina.khan@council.example'")
    assert kept == [{"subject": "the first"}]


def test_an_account_without_a_password_opens_to_none(served, asked):
    put_account(served.settings, "amina.khan@council.example", ["feeds"], "a test", is_vouched=True)
    for password in ("", "None", "nobody"):
        answer = httpx.post(asked() + "/sign-in", data={"name": "amina.khan@council.example", "password": password})
        assert answer.status_code == 403


@pytest.mark.parametrize(("claims", "says"), [
    ({"nonce": "of another question"}, "nonce"), ({"nonce": None}, "no nonce"),
    ({"aud": "other-pages"}, "audience"), ({"aud": None}, "no audience"), ({"iss": "https://x.example"}, "issuer"),
    ({"exp": 1}, "expired"), ({"exp": None}, "no end"), ({"iat": None}, "no beginning"), ({"sub": None}, "nobody"),
    ({"nbf": 2**40}, "not yet"), ({"azp": "other-pages", "aud": [CLIENT, "other-pages"]}, "for another party"),
])  # fmt: skip
def test_a_token_of_another_question_is_not_believed(served, asked, issuer, claims, says):
    issuer.claims = claims
    assert refused(served, asked(MAPPED), "untrue"), says


def test_a_token_that_the_service_did_not_sign_is_not_believed(served, asked, issuer):
    url = asked(MAPPED)
    issuer.signs = new_key()
    assert refused(served, url, "untrue")
    issuer.signs, issuer.algorithm = SECRET.ljust(32, "x"), "HS256"
    assert refused(served, url, "untrue")
    issuer.algorithm = "none"
    assert refused(served, url, "untrue")
    issuer.signs, issuer.algorithm = None, "RS256"
    assert walked(url)[1].status_code == 200


def test_a_service_may_change_its_keys(asked, issuer):
    url = asked(MAPPED)
    assert walked(url)[1].status_code == 200
    issuer.keys, issuer.kid = {"second": new_key()}, "second"
    assert walked(url)[1].status_code == 200


def test_an_answer_belongs_to_the_browser_that_asked(served, asked):
    url = asked(MAPPED)
    mine, theirs = (httpx.Client(base_url=url) for _ in range(2))
    there = [c.get("/sign-in/openid").headers["location"] for c in (mine, theirs)]
    answers = [httpx.get(t).headers["location"] for t in there]
    for client, path in ((theirs, answers[0]), (httpx.Client(base_url=url), answers[0])):
        assert client.get(path).status_code == 403
        assert "tfi_pages" not in client.cookies
    assert served.events("sign in refused")[-1]["detail"]["reason"] == "stale"
    assert mine.get(answers[0]).status_code == 200
    again = mine.get(answers[0])                       # its cookie is gone, and the code is used
    assert again.status_code == 403


def test_an_answer_under_another_issuers_name_is_not_taken(served, asked):
    client = httpx.Client(base_url=asked(MAPPED))
    back = httpx.get(client.get("/sign-in/openid").headers["location"]).headers["location"]
    assert client.get(back + "&iss=https://elsewhere.example").status_code == 403
    assert served.events("sign in refused")[-1]["detail"]["reason"] == "untrue"


def test_who_says_no_there_is_not_let_in_here(served, asked, issuer):
    url = asked(MAPPED)
    issuer.user = None
    assert refused(served, url, "refused")


def test_a_wrong_secret_opens_nothing_and_none_makes_a_public_client(served, asked, issuer, tmp_path):
    url = asked(MAPPED)
    issuer.secret = "another"
    assert refused(served, url, "refused")
    issuer.secret = None
    assert walked(asked(MAPPED, secret_file=None))[1].status_code == 200


def test_the_secret_goes_the_way_that_the_service_takes_it(asked, issuer):
    issuer.says = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert walked(asked(MAPPED))[1].status_code == 200


def test_names_that_cannot_be_an_account_are_refused(served, asked, issuer):
    url = asked(MAPPED)
    for name in (None, "", "has blanks", "x" * 81):
        issuer.user["preferred_username"] = name
        assert refused(served, url, "name")


@pytest.mark.parametrize("says", [{"issuer": "http://127.0.0.1:1"}, {"token_endpoint": "http://elsewhere.example/token"},
                                  {"jwks_uri": None}])  # fmt: skip
def test_a_service_that_calls_itself_otherwise_is_not_used(asked, issuer, says):
    issuer.says = says
    answer = httpx.get(asked(MAPPED) + "/sign-in/openid")
    assert answer.status_code == 503
    assert "sign-on service" in answer.text


def test_a_service_that_is_away_is_said_so(asked, caplog):
    answer = httpx.get(asked(MAPPED, issuer=f"http://127.0.0.1:{free_port()}") + "/sign-in/openid")
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "Traceback" not in caplog.text


def test_nothing_of_the_way_there_is_guessable_from_what_the_service_sees(asked):
    client = httpx.Client(base_url=asked(MAPPED))
    there = client.get("/sign-in/openid")
    sent = dict(parse_qsl(urlsplit(there.headers["location"]).query))
    cookie = there.headers["set-cookie"].lower()
    assert client.cookies["tfi_asked"].strip('"').split("|")[0] not in str(sent)
    assert len({sent["state"], sent["nonce"], sent["code_challenge"]}) == 3
    for word in ("httponly", "samesite=lax", "path=/sign-in/openid", "max-age=600"):
        assert word in cookie
    assert SECRET not in str(sent)


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example", "x"])
def test_nobody_is_sent_elsewhere_after_coming_back(asked, after):
    assert 'content="0; url=/"' in walked(asked(MAPPED), after)[1].text


def test_where_the_service_alone_lets_in_a_password_does_not(served, asked):
    right = put_account(served.settings, "local.one", ["feeds"], "a test")["password"]
    for only, expected in ((False, 303), (True, 403)):
        url = asked(MAPPED, only=only)
        form = httpx.get(url + "/sign-in").text
        assert 'href="/sign-in/openid?next=/"' in form
        assert ('name="password"' in form) is not only
        assert httpx.post(url + "/sign-in", data={"name": "local.one", "password": right}).status_code == expected


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (make setup)")
def test_a_browser_comes_back_from_another_site_and_is_signed_in(asked, browser):
    """The session's cookie is for these pages alone, and must hold although the way began elsewhere."""
    url = asked(MAPPED).replace("127.0.0.1", "localhost")       # to a browser another site than the service
    page = browser.new_context(base_url=url, java_script_enabled=False).new_page()
    page.goto("/families?status=in_progress")
    page.click("text=Sign in with your work account")
    page.wait_for_url("**/families")
    assert page.inner_text("h1") == "Families"
    page.context.close()


@pytest.mark.parametrize(("says", "state"), [({}, "well"), ({"issuer": "https://other.example"}, "failed")])
def test_doctor_knows_whether_the_service_goes_by_that_name(served, issuer, tmp_path, says, state):
    issuer.says = says
    (tmp_path / "secret").write_text(SECRET)
    told = OpenId(issuer=issuer.url, client_id=CLIENT, secret_file=tmp_path / "secret")
    for mode, expected in ((0o600, [state]), (0o644, ["failed", state])):
        (tmp_path / "secret").chmod(mode)
        assert [r["state"] for r in sign_on(with_service(served, told))] == expected
    away = told.model_copy(update={"issuer": f"http://127.0.0.1:{free_port()}", "secret_file": None})
    assert [r["state"] for r in sign_on(with_service(served, away))] == ["failed"]
    assert not list(sign_on(served.settings))


def test_without_a_service_there_is_no_such_way(served):
    assert httpx.get(served.url + "/sign-in/openid").status_code == 404
    assert httpx.get(served.url + "/sign-in/openid/back?code=1").status_code == 404
    assert "openid" not in httpx.get(served.url + "/sign-in").text


def test_a_role_that_is_none_and_a_service_without_https_are_refused(tmp_path):
    (tmp_path / "access.yaml").write_text("openid:\n  roles: {everybody: [everything]}\n")
    with pytest.raises(CallError, match="access"):
        load_access(tmp_path)
    (tmp_path / "settings.toml").write_text('[web.openid]\nissuer = "http://login.example"\nclient_id = "x"\n')
    with pytest.raises(CallError, match=r"web\.openid\.issuer"):
        Settings.load(tmp_path)
