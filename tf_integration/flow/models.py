"""The matching model as an artefact: trained, kept by its day, previewed, made live, rolled back.

The live model is the latest row of `identity.model_activation`; nothing is overwritten, so a rollback is one more row.
It decides from the next refresh on.
"""

from __future__ import annotations

import json
from datetime import date
from importlib.metadata import version
from typing import Any

from tf_integration import identify
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

SHIPPED = "shipped"     # the model that comes with this version; its id wherever one is asked for or told


def models(settings: Settings) -> list[dict[str, Any]]:
    """Every trained model, oldest first, with `is_live`; the shipped one first of all."""
    with warehouse.transaction(settings) as conn:
        kept = [dict(m) for m in warehouse.run(conn, "review/models.sql").mappings()]
    shipped = {"model_id": SHIPPED, "trained_on": None, "trained_at": None, "by_whom": None, "code_version": None,
               "sha256": None, "activated_at": None, "is_live": not any(m["is_live"] for m in kept)}
    return [shipped, *kept]


def parameters(settings: Settings, model_id: str) -> dict[str, Any]:
    """A model's parameters: `settings` in Splink's form, `names` the frequencies of names as CSV.

    Raises:
        CallError: there is no such model.
    """
    if model_id == SHIPPED:
        from tf_integration.identify import artefact
        from tf_integration.identify import models as kept

        return kept.to_parameters(artefact.load())
    with warehouse.transaction(settings) as conn:
        _known(conn, model_id)
        found: dict[str, Any] = warehouse.scalar(
            conn, "SELECT parameters FROM identity.model WHERE model_id = :m", m=model_id)
    return found


def keep(conn: Connection, learnt: dict[str, Any], trained_on: date, by: str) -> str:
    """Keep a trained model; its id is its day and a number. It decides nothing until it is activated."""
    nth = warehouse.scalar(conn, "SELECT count(*) + 1 FROM identity.model WHERE trained_on = :d", d=trained_on)
    return str(warehouse.run(conn, "review/model__store.sql", model_id=f"{trained_on}.{nth}", trained_on=trained_on,
                             parameters=json.dumps(learnt), code_version=version("tf-integration"),
                             by_whom=by).scalar_one())


def train(settings: Settings, on: date, by: str) -> dict[str, Any]:
    """Learn a model from all current records and keep it, dated. It decides nothing until it is activated."""
    from tf_integration.identify.teaching import teach

    with warehouse.transaction(settings) as conn:
        model_id = keep(conn, teach(conn, on), on, by)
    return {"model_id": model_id, "trained_on": on.isoformat()}


def preview(settings: Settings, model_id: str) -> dict[str, Any]:
    """Who would merge and who would split if this model decided; nothing is kept.

    The day's news is taken in first, under the live model, so that what is told is the model's doing alone.
    Returns counts, and `merges` and `splits` as pairs of person ids, with those that touch a claim marked.

    Raises:
        CallError: there is no such model.
        NeedsAPerson: nothing has been identified yet.
    """
    with warehouse.warehouse(settings).connect() as conn:
        try:
            return _foreseen(conn, _known(conn, model_id))
        finally:
            conn.rollback()


def activate(settings: Settings, model_id: str, by: str, because: str) -> dict[str, Any]:
    """Let a model decide from the next refresh on.

    Raises:
        CallError: there is no such model, or no name or reason.
        NeedsAPerson: it decides already.
    """
    _named(by, because)
    with warehouse.transaction(settings) as conn:
        wanted = _known(conn, model_id)
        was = warehouse.run(conn, "review/model__before.sql").mappings().one()["live"]
        if was == wanted:
            raise NeedsAPerson("this model decides already.", where=model_id)
        warehouse.run(conn, "review/model__activate.sql", model_id=wanted, by_whom=by.strip(), because=because.strip())
    return {"live": wanted or SHIPPED, "was": was or SHIPPED}


def rollback(settings: Settings, by: str, because: str) -> dict[str, Any]:
    """Let the model decide again that decided before the live one; as often as asked, down to the shipped one.

    Raises:
        CallError: no name or reason.
        NeedsAPerson: the shipped model decides.
    """
    _named(by, because)
    with warehouse.transaction(settings) as conn:
        stands = warehouse.run(conn, "review/model__before.sql").mappings().one()
        if stands["live"] is None:
            raise NeedsAPerson("the shipped model decides; there is none before it.", where="model")
        warehouse.run(conn, "review/model__activate.sql", model_id=stands["before"], by_whom=by.strip(),
                      because=because.strip())
    return {"live": stands["before"] or SHIPPED, "was": stands["live"]}


def _foreseen(conn: Connection, wanted: str | None) -> dict[str, Any]:
    as_at = warehouse.scalar(conn, "SELECT as_at FROM identity.run ORDER BY run_id DESC LIMIT 1")
    if as_at is None:
        raise NeedsAPerson("nothing has been identified yet.", mend="Run `tfi night` first.")
    identify.resolve(conn, as_at)
    warehouse.run(conn, "review/model__activate.sql", model_id=wanted, by_whom="preview", because="preview")
    ran = identify.resolve(conn, as_at)
    warehouse.run(conn, "review/work_claimed.sql")
    if warehouse.scalar(conn, "SELECT to_regclass('claim.person') IS NOT NULL"):
        warehouse.run(conn, "review/work_claimed__holds.sql")
    moved = [dict(e) for e in warehouse.run(conn, "review/moved.sql", run_id=ran["run_id"]).mappings()]
    told: dict[str, Any] = {f"{event}s": [{k: e[k] for k in ("person_id", "other_id", "touches_claim")}
                                          for e in moved if e["event"] == event] for event in ("merge", "split")}
    return {"model_id": wanted or SHIPPED, "as_at": as_at.isoformat(), "links_changed": ran["links_changed"],
            "persons": ran["persons"], "households_touched": ran["touched"], "n_merges": len(told["merges"]),
            "n_splits": len(told["splits"]), "touch_claims": sum(e["touches_claim"] for e in moved), **told}


def _known(conn: Connection, model_id: str) -> str | None:
    """The id, None for the shipped model."""
    if model_id == SHIPPED:
        return None
    if not warehouse.scalar(conn, "SELECT count(*) FROM identity.model WHERE model_id = :m", m=model_id):
        raise CallError("there is no such model.", where=model_id, mend="See `tfi model list`.")
    return model_id


def _named(by: str, because: str) -> None:
    if not by.strip() or not because.strip():
        raise CallError("say who decides and why.", mend="Give --by and --because.")
