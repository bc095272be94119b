"""The data dictionary: what comes in, which facts it makes, what the plans ask, what can be read.

Written from the contracts, `kinds.yaml`, the plans and the headers of the views, so it says what runs. Write
it anew with `python -m tf_integration.flow.dictionary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from tf_integration.flow import marts
from tf_integration.model.feed import Column, Fact, Feed, load_feeds
from tf_integration.model.plan import Plan, load_plans
from tf_integration.model.settings import PROJECT

FILE = PROJECT / "docs" / "data-dictionary.md"
KINDS = PROJECT / "tf_integration" / "kinds.yaml"

_HEAD = """# Data dictionary

Written by `python -m tf_integration.flow.dictionary` from the contracts, the kinds, the plans and the views.
Do not edit it: a test fails when it is not what they say.
"""


def dictionary() -> str:
    """The whole text, in Markdown."""
    parts = [_HEAD, "## Extracts", *(_feed(f) for f in load_feeds().values()),
             "## Kinds of fact", _kinds(),
             "## Plans", *(_plan(p) for p in load_plans().values()),
             "## Views", *(_view(v) for v in marts.views()),
             "## Analysts' twins", *(_view(v) for v in marts.views(marts.ANALYST))]
    return "\n\n".join(p.strip("\n") for p in parts) + "\n"


def write(file: Path = FILE) -> Path:
    """Write it; returns the file."""
    file.write_text(dictionary(), encoding="utf-8")
    return file


def _feed(feed: Feed) -> str:
    about = (f"{feed.title}. From {feed.partner}; {feed.mode}, {feed.rhythm.replace('_', '-')}. "
             f"Lawful basis: {feed.lawful_basis}. Kept: {feed.retention}. Answers here: {feed.owner.here}.")
    columns = _table(("column", "type", "values", "key", "blank", "for"),
                     (_column(c, feed) for c in feed.columns))
    facts = _table(("makes", "when", "from"), (_fact(f) for f in feed.facts))
    return f"### `{feed.feed}`\n\n{about}\n\n{columns}\n\n{facts}"


def _column(column: Column, feed: Feed) -> tuple[str, ...]:
    if column.codes:
        values = " ".join(f"`{c}`" for c in column.codes)
    elif column.low is not None or column.high is not None:
        values = f"{_number(column.low)} to {_number(column.high)}"
    else:
        values = ""
    blank = "never" if column.filled else "allowed" if column.required else "allowed, or no such column"
    basis = f" ({column.lawful_basis})" if column.lawful_basis != feed.lawful_basis else ""
    said = f"{column.says}: {column.purpose}" if column.says else column.purpose
    return f"`{column.name}`", column.type, values, "key" if column.key else "", blank, said + basis


def _fact(fact: Fact) -> tuple[str, ...]:
    when = " and ".join(f"`{c}` {_said(v)}" for c, v in fact.when.items())
    return f"`{fact.kind}`", when or "always", ", ".join(f"{k} = `{v}`" for k, v in fact.set.items())


def _said(allowed: str | Sequence[str]) -> str:
    if isinstance(allowed, str):
        return f"is {allowed}"
    return "is " + " or ".join(f"`{code}`" if code else "blank" for code in allowed)


def _kinds() -> str:
    domains: dict[str, dict[str, Any]] = yaml.safe_load(KINDS.read_text())
    return _table(("kind", "domain", "shape", "in words"),
                  ((f"`{kind}`", domain, about["shape"], about["says"])
                   for domain, kinds in domains.items() for kind, about in kinds.items()))


def _plan(plan: Plan) -> str:
    until = f" to {plan.in_force.to}" if plan.in_force.to else " on"
    about = (f"{plan.title}. In force {plan.in_force.from_}{until}; at least {plan.needs} {plan.counts}; "
             f"£{plan.money.attachment:,.0f} for attachment, £{plan.money.result:,.0f} for a result. "
             f"Source: {plan.source}.")
    rows = []
    for code, problem in plan.problems.items():
        rows += [(f"`{code}`", f"`{name}`", c.says, "yes" if c.verified else "no")
                 for name, c in problem.identified.items()]
        improved = problem.improved
        rows.append((f"`{code}`", "improved", improved.says, "yes" if improved.verified else "no"))
    rows += [("principle", f"`{name}`", p.says, "") for name, p in plan.principles.items()]
    return f"### `{plan.plan}`\n\n{about}\n\n" + _table(("problem", "criterion", "rule", "verified"), rows)


def _view(view: marts.View) -> str:
    about = f"{view.what}. One row: {view.grain}. Key: {', '.join(f'`{k}`' for k in view.key)}."
    return (f"### `{view.schema}.{view.name}`\n\n{about[0].upper()}{about[1:]}\n\n"
            + _table(("column", "says"), ((f"`{c}`", says) for c, says in view.columns.items())))


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = [[" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


if __name__ == "__main__":
    write()
