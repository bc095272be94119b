"""Who may look at the pages: roles, accounts and sessions. Neither a password nor a session's token is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, model_validator

from tf_integration.keep.rules import read_over
from tf_integration.model.errors import CallError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

SHIPPED = Path(__file__).with_name("access.yaml")
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,79}")
_COST, _BLOCK, _LANES = 2**15, 8, 1                 # scrypt: 32 MiB and some 80 ms for each try
_MEMORY = 64 * 1024 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sessions(_Strict):
    """How long a session lasts without a page asked for, and at all."""

    idle_minutes: PositiveInt
    hours: PositiveInt


class SignOn(_Strict):
    """After so many wrong passwords in a row an account waits."""

    failures: PositiveInt
    wait_minutes: PositiveInt


class OpenIdRules(_Strict):
    """What is asked of a sign-on service, which of its claims are read, and the roles that a group brings."""

    scopes: str
    name: str
    groups: str
    roles: dict[str, tuple[str, ...]]
    timeout_seconds: PositiveInt
    leeway_seconds: NonNegativeInt


class LookUp(_Strict):
    """How many identifiers a look-up needs, and how many look-ups an account has in an hour."""

    identifiers: PositiveInt
    each_hour: PositiveInt


class Access(_Strict):
    """`access.yaml`, whole; `roles` maps a role to what it lets somebody do."""

    roles: dict[str, str]
    sessions: Sessions
    sign_on: SignOn
    openid: OpenIdRules
    look_up: LookUp

    @model_validator(mode="after")
    def _known(self) -> Access:
        if unknown := {r for roles in self.openid.roles.values() for r in roles} - set(self.roles):
            raise ValueError(f"there is no role {', '.join(sorted(unknown))}")
        return self


@dataclass(frozen=True)
class Who:
    """Somebody who has signed in."""

    name: str
    roles: frozenset[str]


def load_access(home: Path | None = None) -> Access:
    """The shipped figures, with those of `home/access.yaml` over them.

    Raises:
        CallError: the council's file names something unknown.
    """
    return Access(**read_over(SHIPPED, home, Access))


def put_account(conn: Connection, access: Access, name: str, roles: Sequence[str], password: str | None) -> bool:
    """Make an account, or give it these roles and this password. Its sessions end. Returns whether it is new.

    Without a password a sign-on service vouches: for whoever first comes with that name, and from then on for them.

    Raises:
        CallError: the name or a role is not one.
    """
    if not NAME.fullmatch(name):
        raise CallError("not a name for an account.", where="NAME",
                        mend="Small letters, figures, dots, hyphens, _ and @: `amina.khan` or an e-mail address.")
    unknown = sorted(set(roles) - set(access.roles))
    if unknown or not roles:
        raise CallError(f"there is no role {', '.join(unknown)}." if unknown else "an account needs a role.",
                        where="--role", mend=f"It is one or more of {', '.join(access.roles)}.")
    end_sessions(conn, access, name=name)
    kept = {"name": name, "roles": sorted(set(roles)), "password": digest(password) if password else None}
    return bool(warehouse.run(conn, "web/account__put.sql", **kept).scalar_one())


def accounts(conn: Connection) -> list[dict[str, Any]]:
    """Every account: `name`, `roles`, `made_at`, `closed_at`, `waits`, `seen_at`, `vouched_by` (None: a password)."""
    return [dict(r) for r in warehouse.run(conn, "web/account__list.sql").mappings()]


def is_known(conn: Connection, name: str) -> bool:
    """Whether an account of that name was ever made, open or closed."""
    return bool(warehouse.scalar(conn, "SELECT EXISTS (SELECT FROM web.account WHERE name = :name)", name=name))


def close_account(conn: Connection, access: Access, name: str) -> None:
    """Close an account and end its sessions.

    Raises:
        CallError: no account of that name is open.
    """
    if not warehouse.run(conn, "web/account__close.sql", name=name).rowcount:
        raise CallError("no open account has this name.", where="NAME", mend="See `tfi web accounts`.")
    end_sessions(conn, access, name=name)


def sign_in(conn: Connection, access: Access, name: str, password: str) -> str | None:
    """Open a session and return its token; None when name or password are wrong, or the account waits.

    It takes as long for a name that nobody has, so that names cannot be tried out.
    """
    found = warehouse.run(conn, "web/account__find.sql", name=name).mappings().first()
    kept = found["password"] if found else None
    is_right = _matches(password, kept or _nobody())
    if not found or not kept or found["waits"]:
        return None
    if not is_right:
        most, minutes = access.sign_on.failures, access.sign_on.wait_minutes
        warehouse.run(conn, "web/account__wrong.sql", name=name, most=most, wait_minutes=minutes)
        return None
    warehouse.run(conn, "web/account__right.sql", name=name)
    return open_session(conn, found["name"])


def open_session(conn: Connection, name: str) -> str:
    """Open a session for somebody whom the caller knows to be `name`; returns its token."""
    token = secrets.token_urlsafe(32)
    warehouse.run(conn, "web/session__begin.sql", token_digest=_digest_of(token), name=name)
    return token


def seen(conn: Connection, access: Access, token: str) -> Who | None:
    """Whose session this is, if it still holds."""
    lasts = access.sessions.model_dump()
    found = warehouse.run(conn, "web/session__seen.sql", token_digest=_digest_of(token), **lasts).mappings().first()
    return Who(found["name"], frozenset(found["roles"]) & set(access.roles)) if found else None


def end_sessions(conn: Connection, access: Access, token: str = "", name: str = "") -> None:
    """End a session by its token, every session of an account by its name, and those that have run out."""
    lasts = access.sessions.model_dump()
    warehouse.run(conn, "web/session__end.sql", token_digest=_digest_of(token) if token else "", name=name, **lasts)


def digest(password: str) -> str:
    """What is kept of a password: how it was made, the salt, and the digest."""
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, _COST, _BLOCK, _LANES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${b64encode(salt).decode()}${b64encode(made).decode()}"


def _matches(password: str, kept: str) -> bool:
    _, cost, block, lanes, salt, made = kept.split("$")
    again = _scrypt(password, b64decode(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(again, b64decode(made))


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32)


def _nobody() -> str:
    """A digest that no password makes."""
    return f"scrypt${_COST}${_BLOCK}${_LANES}${b64encode(b'nobody').decode()}$"


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
