"""From what a sign-on service says of somebody to an account here, and what it may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tf_integration.keep.access import NAME, Access, OpenIdRules
from tf_integration.keep.openid import NotLetIn
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection


@dataclass(frozen=True)
class Admitted:
    """An account that a service vouches for; `changed`: it is new, or its roles are other ones than before."""

    name: str
    roles: tuple[str, ...]
    changed: bool


def admit(conn: Connection, access: Access, issuer: str, claims: Mapping[str, Any]) -> Admitted:
    """The account of whoever `claims` are of, with the roles that are theirs now.

    Somebody is known by issuer and subject. The first who comes with the name of an account that waits is its owner.

    Raises:
        NotLetIn: `name`, `taken`, `closed`, `no_account` or `no_role`.
    """
    name = str(claims.get(access.openid.name) or "").lower()
    known = {"issuer": issuer, "subject": claims["sub"]}
    found = warehouse.run(conn, "web/account__vouched.sql", name=name, **known).mappings().first()
    if found is None and not NAME.fullmatch(name):
        raise NotLetIn("name")
    if found and not found["is_theirs"] and (found["has_password"] or found["has_subject"]):
        raise NotLetIn("taken")
    if found and found["is_closed"]:
        raise NotLetIn("closed")
    given = tuple(found["roles"]) if found else ()
    roles = _mapped(access.openid, claims) if access.openid.roles else given
    if not roles:
        raise NotLetIn("no_role" if access.openid.roles else "no_account")
    name = found["name"] if found else name
    if not warehouse.run(conn, "web/account__vouch.sql", name=name, roles=list(roles), **known).rowcount:
        raise NotLetIn("taken")                     # by somebody who came at the same moment
    return Admitted(name, roles, changed=roles != given)


def _mapped(rules: OpenIdRules, claims: Mapping[str, Any]) -> tuple[str, ...]:
    told = claims.get(rules.groups)
    groups = told if isinstance(told, list) else [told]
    return tuple(sorted({role for group in groups if isinstance(group, str) for role in rules.roles.get(group, ())}))
