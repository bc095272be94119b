"""The contract as polars expressions: what each cell is, and what each row may be refused for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from tf_integration.model.feed import Column, Feed
from tf_integration.text import frames

INTEGER = r"^-?[0-9]{1,15}$"
INVISIBLE = r"[\p{Cf}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"  # marks, and spaces but the common one
DECIMAL = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_CHECKED = {"upn": frames.upn, "nhs_number": frames.nhs_number, "nino": frames.nino, "uprn": frames.uprn}
_MATCHING = ("upn", "nhs_number", "nino")
_WORDS = {"%Y": "YYYY", "%m": "MM", "%d": "DD"}


@dataclass(frozen=True)
class Rule:
    """`broken` is true for a row that breaks it. `on_delete`: it also binds rows that only withdraw a key."""

    name: str
    column: str | None
    what_to_do: str
    broken: pl.Expr
    on_delete: bool = False


def raw(name: str) -> pl.Expr:
    """The cell as sent; null when it is empty."""
    return pl.col(f"raw:{name}")


def is_blank(column: Column) -> pl.Expr:
    """Empty; of free text also nothing but spaces."""
    if column.type == "text":
        return raw(column.name).is_null() | (raw(column.name).str.strip_chars().str.len_bytes() == 0)
    return raw(column.name).is_null()


def value(column: Column, feed: Feed) -> pl.Expr:
    """The cell cast to what the contract declares; null when blank or when the cast fails."""
    cell = raw(column.name)
    match column.type:
        case "date":
            day = frames.date(cell, feed.dialect.date_format)
            if column.sentinel == "blank":
                day = pl.when(~day.is_in(feed.sentinel_dates)).then(day)
            typed = day
        case "integer":
            typed = pl.when(cell.str.contains(INTEGER)).then(cell).cast(pl.Int64, strict=False)
        case "decimal":
            typed = pl.when(cell.str.contains(DECIMAL)).then(cell)
        case "upn" | "nhs_number" | "nino" | "uprn":
            typed = _CHECKED[column.type](cell)
        case "postcode":
            typed = pl.coalesce(frames.postcode(cell), pl.when(~is_blank(column)).then(cell))
        case "code":
            typed = cell
        case _:
            typed = pl.when(~is_blank(column)).then(cell)
    if column.name == "person_ref" and feed.person_ref_is != "text":
        typed = frames.compact(typed)  # one identifier, however it is spaced, is one person
    return typed.alias(column.name)


def row_rules(feed: Feed, present: set[str], snapshot_on: date) -> list[Rule]:
    """Every rule that may refuse a row of this file."""
    rules: list[Rule] = []
    for column in feed.columns:
        if column.name in present:
            rules += _column_rules(column, feed, snapshot_on)
    rules += [*_conditional(feed), *_sums(feed), *_orders(feed), *_any_filled(feed)]
    if feed.who == "person":
        rules.append(_somebody(feed, present))
    return rules


def _column_rules(column: Column, feed: Feed, snapshot_on: date) -> Iterator[Rule]:
    name, cell, key = column.name, pl.col(column.name), column.key
    if column.filled and name not in feed.blank_when:
        yield Rule("required", name, f"Fill {name}.", is_blank(column), on_delete=key or name == "op")
    match column.type:
        case "date":
            yield from _date_rules(column, feed, snapshot_on)
        case "code":
            yield Rule(
                "code",
                name,
                f"{name} is one of: {' '.join(column.codes)}.",
                ~cell.is_in(column.codes),
                key or name == "op",
            )
        case "integer" | "decimal":
            yield Rule(
                "number", name, f"{name} is {_number_form(column)}.", raw(name).is_not_null() & cell.is_null(), key
            )
            yield from _range_rule(column)
    if column.type not in ("date", "integer", "decimal", "code"):
        yield Rule(
            "length",
            name,
            f"{name} has at most {column.max_length} characters.",
            raw(name).str.len_chars() > column.max_length,
            key,
        )
    if name in feed.key:
        yield Rule("invisible", name, f"Remove marks that cannot be seen from {name}: with them it is another.",
                   raw(name).str.contains(INVISIBLE), True)  # fmt: skip
    if column.pattern:
        yield Rule(
            "pattern",
            name,
            f"{name} has the form {column.pattern}.",
            ~cell.str.contains(f"^(?:{column.pattern})$"),
            key,
        )


def _number_form(column: Column) -> str:
    return (
        "a whole number in digits"
        if column.type == "integer"
        else "a number in digits with a point, without signs of money"
    )


def _range_rule(column: Column) -> Iterator[Rule]:
    number = pl.col(column.name).cast(pl.Float64)
    out = pl.lit(False)
    if column.low is not None:
        out = out | (number < column.low)
    if column.high is not None:
        out = out | (number > column.high)
    if column.low is not None or column.high is not None:
        bounds = " ".join(
            [
                *([f"at least {column.low:g}"] if column.low is not None else []),
                *([f"at most {column.high:g}"] if column.high is not None else []),
            ]
        )
        yield Rule("range", column.name, f"{column.name} is {bounds}.", out, column.key)


def _date_rules(column: Column, feed: Feed, snapshot_on: date) -> Iterator[Rule]:
    name, cell, key = column.name, pl.col(column.name), column.key
    form = feed.dialect.date_format
    for directive, word in _WORDS.items():
        form = form.replace(directive, word)
    unread = frames.date(raw(name), feed.dialect.date_format).is_null()
    yield Rule("date", name, f"{name} is a day as {form}.", raw(name).is_not_null() & unread, key)
    if column.sentinel == "reject":
        yield Rule(
            "sentinel_date",
            name,
            f"Leave {name} blank when the day is not known.",
            cell.is_in(feed.sentinel_dates),
            key,
        )
    if feed.earliest_on:
        yield Rule("early_date", name, f"{name} is not before {feed.earliest_on}.", cell < feed.earliest_on, key)
    if not column.may_be_future:
        known = cell.is_in(feed.sentinel_dates)  # a sentinel is told once, as what it is
        yield Rule(
            "future_date", name, f"{name} is not after the file's snapshot date.", (cell > snapshot_on) & ~known, key
        )


def _holds(feed: Feed, others: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    return pl.all_horizontal(pl.col(n).is_in(codes).fill_null(False) for n, codes in others.items())


def _settled(feed: Feed, others: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    """The columns that a rule leans on are without a fault of their own, which is then told once."""
    leant_on = [feed.column(n) for n in others if feed.column(n).type == "code"]
    must = {c.name: c.filled and c.name not in feed.blank_when for c in leant_on}
    known = (pl.col(c.name).is_in(c.codes).fill_null(not must[c.name]) for c in leant_on)
    return pl.all_horizontal(pl.lit(True), *known)


def _said(others: Mapping[str, tuple[str, ...]]) -> str:
    return " and ".join(f"{n} is {' or '.join(codes)}" for n, codes in others.items())


def _conditional(feed: Feed) -> Iterator[Rule]:
    for name, others in feed.only_when.items():
        yield Rule(
            "only_when",
            name,
            f"{name} is filled only when {_said(others)}.",
            ~is_blank(feed.column(name)) & ~_holds(feed, others) & _settled(feed, others),
        )
    for name, others in feed.blank_when.items():
        yield Rule(
            "required",
            name,
            f"{name} is blank only when {_said(others)}.",
            is_blank(feed.column(name)) & ~_holds(feed, others) & _settled(feed, others),
        )


def _sums(feed: Feed) -> Iterator[Rule]:
    for total, parts in feed.sum_to.items():
        yield Rule(
            "sum",
            total,
            f"{total} is the sum of {', '.join(parts)}.",
            pl.col(total) != pl.sum_horizontal((pl.col(p) for p in parts), ignore_nulls=False),
        )


def _orders(feed: Feed) -> Iterator[Rule]:
    for later, earlier in feed.not_before.items():
        known = pl.col(earlier).is_in(feed.sentinel_dates)  # told once, as what it is
        broken = (pl.col(later) < pl.col(earlier)) & ~known
        yield Rule("order", later, f"{later} is not before {earlier}.", broken)


def _any_filled(feed: Feed) -> Iterator[Rule]:
    for group in feed.any_filled:
        yield Rule(
            "required",
            group[0],
            f"Fill {' or '.join(group)}.",
            pl.all_horizontal(is_blank(feed.column(n)) for n in group),
        )


def _somebody(feed: Feed, present: set[str]) -> Rule:
    who = [c.name for c in feed.columns if c.personal and c.type in _MATCHING and c.name in present]
    return Rule(
        "nobody",
        None,
        f"Give a surname, or an identifier that passes its check: {', '.join(_MATCHING)}.",
        pl.all_horizontal(pl.col(n).is_null() for n in ["surname", *who]),
    )


def warnings(feed: Feed, present: set[str]) -> list[Rule]:
    """What is counted about rows that load: cells taken as blank, and postcodes kept as sent."""
    found = []
    for column in feed.columns:
        if column.name not in present:
            continue
        name, lost = (
            column.name,
            raw(column.name).str.strip_chars().str.len_bytes().gt(0) & pl.col(column.name).is_null(),
        )
        if column.type in _CHECKED:
            found.append(Rule("identifier", name, f"{name} fails its check, so it was taken as blank.", lost))
        elif column.type == "date" and column.sentinel == "blank":
            found.append(
                Rule("sentinel_date", name, f"{name} stands for an unknown day, so it was taken as blank.", lost)
            )
        elif column.type == "postcode":
            odd = raw(name).is_not_null() & frames.postcode(raw(name)).is_null()
            found.append(Rule("postcode", name, f"{name} has not the form of a postcode; it was kept as sent.", odd))
    return found
