"""Persons into households, by dated membership; in proportion to what changed, and equal to working out everything.

What is kept from night to night (`identity.sighting`, `stay`, `listing`) is a function of the current records, links
and facts. A night reads anew what was noted as changed, and works out the households of every reference whose list
differs, of every other reference that lists one of its people, and of nobody else: a household depends on whom its
people's other references list, and on no more (`work_target_ref`, `work_near`).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tf_integration.identify.bases import Bases
from tf_integration.identify.steps import analyse, analyse_kept, build, write
from tf_integration.store import warehouse

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CODE = 1  # to be raised when households are worked out differently: then all are worked out anew


def resolve_households(conn: Connection, bases: Bases, stamp: dict[str, Any]) -> dict[str, int]:
    """Form households and write what differs; the counts of `resolve` that concern households.

    Reads `work_pending` and `work_link_change`; leaves `work_target` behind, the households that may have moved.
    """
    rows = bases.as_rows()
    made_by = sha256(json.dumps([_CODE, rows], sort_keys=True).encode()).hexdigest()
    known = warehouse.scalar(conn, "SELECT made_by FROM identity.house_state")
    how = "" if known == made_by else "__all"
    build(conn, "work_noted")
    write(conn, "work_noted__take")
    if how:
        conn.exec_driver_sql(
            "TRUNCATE identity.sighting, identity.stay, identity.listing, identity.communal_home, identity.house_state"
        )
    _stays(conn, how)
    _listings(conn, rows, how)
    build(conn, "work_target_ref", how)
    build(conn, "work_target", how, bases=json.dumps(rows))
    build(conn, "work_near", how)
    build(conn, "work_house", bases=json.dumps(rows))
    build(conn, "work_held")
    build(conn, "work_membership", bases=json.dumps(rows))
    build(conn, "work_household")
    build(conn, "work_household_ref")
    return _write(conn, made_by, stamp)


def _stays(conn: Connection, how: str) -> None:
    """Where people live, as far as something of it is new; `work_home`: the homes to be listed anew."""
    build(conn, "work_reread", how)
    build(conn, "work_written")
    write(conn, "sighting__close")
    write(conn, "sighting__open")
    if how:
        analyse_kept(conn, "identity.sighting")
    else:
        write(conn, "work_written__now")
        analyse(conn, "work_written")
    build(conn, "work_resident", how)
    build(conn, "work_sighting", how)
    build(conn, "work_stay")
    build(conn, "work_stay_change")
    build(conn, "work_home")
    build(conn, "work_communal")
    write(conn, "stay__close")
    write(conn, "stay__open")
    write(conn, "work_home__communal")
    write(conn, "communal_home__write")
    analyse(conn, "work_home")
    build(conn, "work_at_home")


def _listings(conn: Connection, rows: list[dict[str, Any]], how: str) -> None:
    """Whom each basis lists, as far as something of it is new; `work_moved`: the references that list otherwise."""
    build(conn, "work_ref")
    build(conn, "work_listing")
    for basis in rows:
        _list(conn, basis, how)
    analyse(conn, "work_listing")
    build(conn, "work_listing_was")
    write(conn, "listing__close")
    write(conn, "listing__open")
    if how:
        analyse_kept(conn, "identity.listing")
    build(conn, "work_moved")


def _list(conn: Connection, basis: dict[str, Any], how: str) -> None:
    """Fill work_listing with the people whom one basis lists."""
    if basis["homes"]:
        build(conn, "work_occupation")
        build(conn, "work_occupied", most_people=basis["most_people"], most_surnames=basis["most_surnames"])
        write(conn, "work_listing__home", rank=basis["rank"], fewest_people=basis["fewest_people"])
        return
    kinds = basis["kinds"] or [k["kind"] for k in warehouse.rows(
        conn, "SELECT kind FROM core.kind WHERE domain = :domain ORDER BY kind", domain=basis["domain"])]
    if kinds:
        write(conn, "work_listing__fact" if how else "work_listing__fact_near", rank=basis["rank"], ref=basis["ref"],
              kinds=kinds, dated=basis["dated_by"] == "fact", relationship=basis["relationship"],
              flag_is_residence=basis["flag_is_residence"])


def _write(conn: Connection, made_by: str, stamp: dict[str, Any]) -> dict[str, int]:
    changed, more = 0, {}
    for table in ("household", "household_ref", "membership"):
        closed = write(conn, f"{table}__close", known_at=stamp["known_at"])
        opened = write(conn, f"{table}__open", **stamp)
        changed, more[table] = closed + opened, opened - closed
    if warehouse.scalar(conn, "SELECT count(*) FROM identity.house_state") == 0:
        more = {t: warehouse.scalar(conn, f"SELECT count(*) FROM identity.{t} WHERE known_to = 'infinity'")  # noqa: S608
                for t in more}
    write(conn, "house_state__write", made_by=made_by, households=more["household"], memberships=more["membership"])
    counted = warehouse.rows(
        conn, "SELECT n_households AS households, n_memberships AS memberships FROM identity.house_state")
    return {**counted[0], "memberships_changed": changed}
