"""Who may look at the pages, who did, and whether the record of it holds."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from tf_integration.flow.keep import check_audit
from tf_integration.keep import access, audit, vouched
from tf_integration.keep.access import Access, Who, load_access
from tf_integration.keep.openid import NotLetIn, Service
from tf_integration.model.settings import Settings
from tf_integration.serve.keys import Keyring
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

ADMIN, PASSWORD_FILE = "admin", "web_admin_password"
LOOK, LOOK_UP, SIGN_IN, SIGN_OUT, REFUSED = "look", "look up", "sign in", "sign out", "sign in refused"
LOOKS = (LOOK, LOOK_UP, "look at a pair", "export", "pack with names", "pseudonym led back", SIGN_IN, REFUSED)
_DAYS, _EVENTS = 31, 50


def put_account(settings: Settings, name: str, roles: Sequence[str], by: str, is_vouched: bool = False
                ) -> dict[str, Any]:
    """Make an account with a new random password, or give one that is there these roles and a new password.

    `is_vouched`: with none, for the council's own sign-on service to vouch for.
    Returns `name`, `roles`, `is_new` and `password` (None where vouched), which is nowhere else.

    Raises:
        CallError: the name or a role is not one.
    """
    password = None if is_vouched else secrets.token_urlsafe(15)
    with warehouse.transaction(settings) as conn:
        is_new = access.put_account(conn, load_access(settings.home), name, roles, password)
        audit.note(conn, by, "web account made" if is_new else "web account changed", name, roles=sorted(set(roles)))
    if name == ADMIN and password:
        Keyring(settings.home / "secrets").write(PASSWORD_FILE, password)
    return {"name": name, "roles": sorted(set(roles)), "is_new": is_new, "password": password}


def close_account(settings: Settings, name: str, by: str) -> None:
    """Close an account: nobody signs in with it any more, and who was signed in is out.

    Raises:
        CallError: no account of that name is open.
    """
    with warehouse.transaction(settings) as conn:
        access.close_account(conn, load_access(settings.home), name)
        audit.note(conn, by, "web account closed", name)


def accounts(settings: Settings) -> list[dict[str, Any]]:
    """Every account: `name`, `roles`, `made_at`, `closed_at`, `waits`, `seen_at`, `vouched_by`."""
    with warehouse.transaction(settings) as conn:
        return access.accounts(conn)


def first_account(conn: Connection, settings: Settings) -> None:
    """Where there is no account yet, one with every role, its password in a file that its owner alone can read."""
    if not access.accounts(conn):
        rules = load_access(settings.home)
        password = Keyring(settings.home / "secrets").password(PASSWORD_FILE)
        access.put_account(conn, rules, ADMIN, list(rules.roles), password)
        audit.note(conn, "tfi", "web account made", ADMIN, roles=sorted(rules.roles))


def sign_in(settings: Settings, rules: Access, name: str, password: str) -> str | None:
    """The token of a new session, or None. Both are kept; of a name that is nobody's, that somebody tried."""
    with warehouse.transaction(settings) as conn:
        token = access.sign_in(conn, rules, name, password)
        known = name if access.is_known(conn, name) else "nobody"
        audit.note(conn, known, SIGN_IN if token else REFUSED)
        return token


def sign_in_vouched(settings: Settings, rules: Access, service: Service, token: str, back: str,
                    answer: Mapping[str, str]) -> str:
    """The token of a new session for whoever came from a sign-on service to `back` with its `answer`.

    `token`: what their browser was sent there with.

    Raises:
        NotLetIn: the answer cannot be believed, or they have no account here, or no role. It is kept, without a name.
    """
    try:
        claims = service.claims(token, back, answer)
        with warehouse.transaction(settings) as conn:
            admitted = vouched.admit(conn, rules, service.told.issuer, claims)
            if admitted.changed:
                audit.note(conn, "openid", "web account changed", admitted.name, roles=list(admitted.roles))
            audit.note(conn, admitted.name, SIGN_IN, way="openid")
            return access.open_session(conn, admitted.name)
    except NotLetIn as refusal:
        with warehouse.transaction(settings) as conn:
            audit.note(conn, "nobody", REFUSED, way="openid", reason=refusal.reason)
        raise


def sign_out(settings: Settings, rules: Access, who: Who, token: str) -> None:
    """End a session."""
    with warehouse.transaction(settings) as conn:
        access.end_sessions(conn, rules, token)
        audit.note(conn, who.name, SIGN_OUT)


def seen(settings: Settings, rules: Access, token: str) -> Who | None:
    """Whose session this is, if it still holds."""
    with warehouse.transaction(settings) as conn:
        return access.seen(conn, rules, token)


def note_look(settings: Settings, by: str, household_id: int, page: str) -> None:
    """Keep that somebody looked at a family."""
    with warehouse.transaction(settings) as conn:
        audit.note(conn, by, LOOK, f"household {household_id}", page=page)


def report(settings: Settings) -> dict[str, Any]:
    """`faults` of the audit chain (none: it holds), `looks` by day, account and act, and the newest `events`."""
    faults = check_audit(settings)
    with warehouse.transaction(settings) as conn:
        looks = warehouse.run(conn, "web/looks.sql", acts=list(LOOKS), days=_DAYS).mappings()
        events = warehouse.run(conn, "web/events.sql", most=_EVENTS).mappings()
        return {"faults": faults, "days": _DAYS, "looks": [dict(r) for r in looks], "events": [dict(r) for r in events]}
