"""Returns: rows from the latest run, named by a column map, as a CSV in which no cell is a formula. Each is recorded.

Personal data goes out only by leave: given for that return, to who takes it, by somebody else, until a day.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tf_integration.keep import audit
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.returns import Shape, load_shape
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection
from tf_integration.text.cells import inert

Row = Mapping[str, Any]
PERSONAL = ("forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", "upn", "nino")


def progress(settings: Settings, out: Path, by: str, because: str) -> dict[str, Any]:
    """A row for each member of each attached family, before and after attachment, in the shape of Family Progress Data.

    Returns what `written` returns. Raises as `written`.
    """
    shape, where = load_shape("progress", settings.home)
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(conn, "returns/progress.sql")
        counted = _counted(conn, shape)
        blank = {f"{when}.{name}": 0 for name in shape.measures for when in ("before", "after")}
        shape.check({*found.keys(), "age_band", *blank}, where)
        rows = [
            dict(r) | blank | counted.get((r["household_id"], r["person_id"]), {})
            | {"age_band": _band(r["age"], shape.age_bands)} for r in found.mappings()
        ]  # fmt: skip
        return written(conn, "progress", shape, out, rows, by, because)


def whose(settings: Settings, pseudonym: str, by: str) -> dict[str, Any]:
    """Who stands behind a pseudonym of the progress return, when its recipient asks about a row: `kind` and `id`.

    That somebody asked is kept.

    Raises:
        CallError: no household and no person bears it.
    """
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(conn, "returns/whose.sql", pseudonym=pseudonym.strip()).mappings().first()
        if found:
            audit.note(conn, by, "pseudonym led back", f"{found['kind']} {found['id']}")
    if found is None:
        raise CallError("nobody bears that pseudonym.", mend="Copy it whole from the return, 64 letters and digits.")
    return dict(found)


def _counted(conn: Connection, shape: Shape) -> dict[tuple[int, int], dict[str, int]]:
    asked = json.dumps([m.model_dump() | {"name": name} for name, m in shape.measures.items()])
    told: dict[tuple[int, int], dict[str, int]] = {}
    for r in warehouse.run(conn, "returns/progress__counts.sql", measures=asked, months=shape.months).mappings():
        found = told.setdefault((r["household_id"], r["person_id"]), {})
        found |= {f"before.{r['measure']}": r["before"], f"after.{r['measure']}": r["after"]}
    return told


def _band(age: int | None, starts: Sequence[int]) -> str:
    """The band of an age in years, in words; blank when the age is unknown."""
    nth = bisect_right(starts, age) - 1 if age is not None else -1
    if nth < 0:
        return ""
    return f"{starts[nth]} and over" if nth + 1 == len(starts) else f"{starts[nth]} to {starts[nth + 1] - 1}"


def impact(settings: Settings, out: Path, by: str, because: str, without: Path | None = None) -> dict[str, Any]:
    """Personal data of attached families and of those to compare them with; by leave only.

    `without` is a CSV with a column `person_id`: people who objected. Returns what `written` returns, with `objected`:
    how many of its people are left out.

    Raises:
        NeedsAPerson: nobody gave this person leave, or it has run out.
        CallError: the list of objections has no such column, or names an id that is nobody's. Else as `written`.
    """
    shape, where = load_shape("impact", settings.home)
    objected = objections(without)
    with warehouse.transaction(settings) as conn:
        leave = leave_of(conn, "impact", shape, by)
        found = warehouse.run(conn, "returns/impact.sql")
        shape.check({*found.keys(), *PERSONAL}, where)
        everybody = found.mappings().all()
        left_out = _whom(conn, objected, str(without)) & {r["person_id"] for r in everybody}
        people = [r for r in everybody if r["person_id"] not in left_out]
        said = particulars(conn, [r["person_id"] for r in people], shape)
        rows = [dict.fromkeys(PERSONAL) | dict(r) | said.get(r["person_id"], {}) for r in people]
        told = written(conn, "impact", shape, out, rows, by, because, leave=leave,
                       counts={"objected": len(left_out)})  # fmt: skip
        return told | {"objected": len(left_out)}


def _whom(conn: Connection, asked: set[int], where: str) -> set[int]:
    """Whom these ids name today, should records have moved since they were noted.

    Raises:
        CallError: an id is nobody's: with a slip in it, whoever objected would go out.
    """
    found = warehouse.run(conn, "returns/objected.sql", people=sorted(asked)).all()
    if nobody := sorted(asked - {r.asked for r in found}):
        shown = ", ".join(map(str, nobody[:5])) + (" and others" if len(nobody) > 5 else "")
        raise CallError(f"no person bears the id {shown}; nothing was written.", where=where,
                        mend="Correct it: `tfi timeline PARTNER:REF` shows a person's id.")  # fmt: skip
    return {r.person_id for r in found}


def objections(file: Path | None) -> set[int]:
    """The person ids of a CSV with a column `person_id`.

    Raises:
        CallError: there is no such file or column, or a cell is no number.
    """
    if file is None:
        return set()
    try:
        with file.open(newline="", encoding="utf-8-sig") as handle:
            return {int(row["person_id"]) for row in csv.DictReader(handle)}
    except (OSError, KeyError, ValueError, TypeError):
        raise CallError("it is not a CSV with a column person_id of numbers.", where=str(file)) from None


def outcomes(settings: Settings, out: Path, by: str, because: str, quarter: str) -> dict[str, Any]:
    """Counts of a quarter (`2019Q2`: April to June 2019). Returns what `written` returns.

    Raises:
        CallError: it is not a quarter. Else as `written`.
    """
    first_on, last_on = days_of(quarter)
    shape, where = load_shape("outcomes", settings.home)
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(conn, "returns/outcomes.sql", first_on=first_on, last_on=last_on)
        shape.check(found.keys(), where)
        return written(conn, f"outcomes {quarter}", shape, out, [dict(r) for r in found.mappings()], by, because)


def days_of(quarter: str) -> tuple[date, date]:
    """The first and last day of a quarter of a calendar year, `2019Q2`."""
    year, _, nth = quarter.upper().partition("Q")
    if not (year.isdigit() and len(year) == 4 and nth in {"1", "2", "3", "4"}):
        raise CallError("it is not a quarter.", where=quarter, mend="Write it as 2019Q2: April to June 2019.")
    first = date(int(year), 3 * int(nth) - 2, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def cohort(settings: Settings, out: Path, by: str, because: str) -> dict[str, Any]:
    """The cohorts that may be shown, small counts kept back. Returns what `written` returns."""
    shape, where = load_shape("cohort", settings.home)
    with warehouse.transaction(settings) as conn:
        found = warehouse.run(conn, "returns/cohort.sql")
        shape.check(found.keys(), where)
        return written(conn, "cohort", shape, out, [dict(r) for r in found.mappings()], by, because)


def permit(settings: Settings, what: str, to: str, by: str, because: str, until: date) -> dict[str, Any]:
    """Give somebody leave to take out a return that holds personal data, until a day.

    Raises:
        CallError: that return needs no leave, a name or reason is missing, both names are one, or the day is past.
    """
    shape, _ = load_shape(what, settings.home) if what in ("impact", "match") else (None, "")
    if shape is None or not shape.needs_permission:
        raise CallError(f"{what} holds no personal data that needs leave.", mend="Leave is given for impact or match.")
    if not (to.strip() and by.strip() and because.strip()) or to.strip().lower() == by.strip().lower():
        raise CallError("say to whom, by whom and why; nobody gives leave to themselves.")
    with warehouse.transaction(settings) as conn:
        if until < warehouse.scalar(conn, "SELECT current_date"):
            says = f"{until:%-d %B %Y} is past: nobody could use that leave."
            raise CallError(says, mend="Give --until a day to come.")
        made = warehouse.run(conn, "returns/permit.sql", what=what, given_to=to.strip(), given_by=by.strip(),
                             because=because.strip(), until=until).scalar_one()  # fmt: skip
    return {"permission_id": made, "what": what, "given_to": to.strip(), "until": until}


def made(settings: Settings) -> list[dict[str, Any]]:
    """The returns that were made, the newest first; counts and digests."""
    with warehouse.transaction(settings) as conn:
        return [dict(r) for r in warehouse.run(conn, "returns/list.sql").mappings()]


def leave_of(conn: Connection, what: str, shape: Shape, by: str) -> int | None:
    """The leave that a person has to take out a return; None where it needs none.

    Raises:
        NeedsAPerson: it needs leave, and there is none today.
    """
    if not shape.needs_permission:
        return None
    found = warehouse.run(conn, "returns/permitted.sql", what=what, given_to=by).scalar()
    if found is None:
        raise NeedsAPerson(f"{by} has no leave today to take out {shape.title.lower()} ({shape.holds}).",
                           mend=f"Another person gives it: tfi returns permit {what} --to ... --until ...")  # fmt: skip
    return int(found)


def particulars(conn: Connection, people: Iterable[int], shape: Shape,
                known_at: datetime | None = None) -> dict[int, dict[str, Any]]:
    """What partners last said of people, but for those whose word is not passed on. For the file that goes out only.

    `known_at`: as it was known then; now when None.
    """
    asked = {"people": sorted(set(people)), "not_from": list(shape.not_from), "known_at": known_at}
    found = warehouse.run(conn, "returns/particulars.sql", **asked).mappings()
    return {r["person_id"]: {k: r[k] for k in PERSONAL} for r in found}


def written(
    conn: Connection, what: str, shape: Shape, out: Path, rows: Sequence[Row], by: str, because: str, *,
    leave: int | None = None, counts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write the rows as the shape has them, readable by its owner only, and record it.

    Returns `file`, `rows`, `sha256`, `verified` (the layout), `made_id`, `as_at` and `run_id`.

    Raises:
        CallError: nobody is named, no reason is given, or the file is there already.
        NeedsAPerson: nothing has been judged yet.
    """
    if not by.strip() or not because.strip():
        raise CallError("say who takes it out and why.", mend="Give --by and --because.")
    text = as_csv(shape, rows)
    digest = hashlib.sha256(text).hexdigest()
    kept = {"by_whom": by.strip(), "because": because.strip(), "permission_id": leave, "map_sha256": shape.digest,
            "file_sha256": digest, "rows": len(rows), "counts": json.dumps(counts or {})}  # fmt: skip
    recorded = warehouse.run(conn, "returns/made.sql", what=what, **kept).mappings().first()
    if recorded is None:
        raise NeedsAPerson("no household has been judged yet.", mend="Run a refresh first.")
    people = [r["person_id"] for r in rows if r.get("person_id")]
    warehouse.run(conn, "returns/disclose.sql", made_id=recorded["made_id"], people=people)
    save(out, text)
    return {"file": str(out), "rows": len(rows), "sha256": digest, "verified": shape.verified} | dict(recorded)


def as_csv(shape: Shape, rows: Iterable[Row]) -> bytes:
    """The rows under the shape's headings; text that a spreadsheet would run is made inert."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([inert(c.heading) for c in shape.columns])
    for row in rows:
        writer.writerow([_cell(row[c.source], c.codes) for c in shape.columns])
    return buffer.getvalue().encode()


def _cell(value: Any, codes: Mapping[str, str]) -> str:
    text = "" if value is None else ("Y" if value else "N") if isinstance(value, bool) else str(value)
    return inert(codes.get(text, text))


def save(out: Path, data: bytes) -> None:
    """Write a new file that its owner alone can read.

    Raises:
        CallError: there is one already, or its folder cannot be written.
    """
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CallError("there is such a file already.", where=str(out), mend="Give another name.") from None
    except OSError as error:
        raise CallError(f"it cannot be written ({type(error).__name__}).", where=str(out)) from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
