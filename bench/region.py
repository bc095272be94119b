"""A made-up region of any size, a district at a time: people in homes, and what several partners say of them.

Written for `arrivals.py`. Names have the frequencies of the shipped model; nobody is real. A person's records disagree
as partners' records do: slips, initials, moves, missing numbers. Some records are held back: they arrive later.
"""

# ruff: noqa: E501
from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tf_integration import identify

PARTNERS = ("police", "health", "housing", "dwp", "schools", "social_care", "early_help", "jcp", "probation", "youth_justice")
COLUMNS = (
    "partner", "feed", "person_ref", "introduces", "forename", "surname", "date_of_birth", "sex", "address", "postcode", "uprn", "upn",
    "nhs_number", "nino", "first_snapshot_on", "delivery_id", "line_no", "known_from",
)  # fmt: skip
FRAME = pl.DataFrame
_MODEL = Path(identify.__file__).with_name("person_model.csv")
_FIRST_DAY = np.datetime64("1940-01-01")
_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))


@dataclass(frozen=True)
class District:
    """What stands of one district, and what is held back; `person` is who is truly behind a record."""

    stands: FRAME
    held_back: FRAME


def _names(field: str) -> tuple[np.ndarray, np.ndarray]:
    with _MODEL.open(encoding="utf-8", newline="") as handle:
        rows = [(r["name"], float(r["share"])) for r in csv.DictReader(handle) if r["field"] == field and r["name"]]
    share = np.array([s for _, s in rows])
    return np.array([n.title() for n, _ in rows], dtype=object), share / share.sum()


def districts(records: int, each: int, seed: int, held_back: float) -> Iterator[District]:
    """About so many records, `each` a district; of every district the share `held_back` arrives later."""
    forenames, surnames = _names("forename"), _names("surname")
    for number in range(max(1, records // each)):
        yield _district(number, each, np.random.default_rng([seed, number]), forenames, surnames, held_back)


def _district(
    number: int, each: int, rng: np.random.Generator, forenames: tuple[np.ndarray, np.ndarray],
    surnames: tuple[np.ndarray, np.ndarray], held_back: float,
) -> District:  # fmt: skip
    people = _people(number, max(1, int(each / 6.7)), rng, forenames, surnames)
    times = np.clip(rng.poisson(6.7, people.height), 1, len(PARTNERS))
    who = np.repeat(np.arange(people.height), times)
    said = _said(people[who], _nth(times), rng)
    comes_late = rng.random(said.height) < held_back * 0.7
    is_newcomer = rng.random(people.height) < held_back * 0.3
    late = comes_late | is_newcomer[who]
    return District(said.filter(~pl.Series(late)), said.filter(pl.Series(late)))


def _nth(times: np.ndarray) -> np.ndarray:
    return np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)


def _people(
    number: int, n: int, rng: np.random.Generator, forenames: tuple[np.ndarray, np.ndarray],
    surnames: tuple[np.ndarray, np.ndarray],
) -> FRAME:  # fmt: skip
    """One row a person: families of about three share a home, and mostly a surname."""
    home = np.sort(rng.integers(0, max(1, n // 3), n))
    moved_to = np.where(rng.random(n) < 0.1, rng.integers(0, max(1, n // 3), n), home)
    first = np.r_[True, home[1:] != home[:-1]]
    family_name = rng.choice(surnames[0], n, p=surnames[1])
    head = np.maximum.accumulate(np.where(first, np.arange(n), 0))
    surname = np.where(rng.random(n) < 0.8, family_name[head], rng.choice(surnames[0], n, p=surnames[1]))
    born = _FIRST_DAY + rng.integers(0, 80 * 365, n)
    digits = 4_000_000_000 + number * 3_000_017 + np.arange(n)
    return pl.DataFrame(
        {
            "person": number * 10_000_000 + np.arange(n),
            "forename": pl.Series(rng.choice(forenames[0], n, p=forenames[1]).tolist()),
            "surname": pl.Series(surname.tolist()),
            "born": born,
            "sex": rng.choice(["M", "F"], n),
            "home": home,
            "moved_to": moved_to,
            "number": digits,
            "district": np.full(n, number),
        }
    )


def _said(one: FRAME, nth: np.ndarray, rng: np.random.Generator) -> FRAME:
    """What the nth partner of each person says of them."""
    n = one.height

    def some(share: float) -> pl.Series:
        return pl.Series(rng.random(n) < share)

    slipped = one["born"] + pl.Series(np.where(rng.random(n) < 0.01, rng.integers(1, 9, n), 0)).cast(pl.Duration("ms")) * 86_400_000
    frame = one.with_columns(
        place=pl.Series(np.where(rng.random(n) < 0.6, one["home"].to_numpy(), one["moved_to"].to_numpy())),
        partner=pl.Series(np.array(PARTNERS, dtype=object)[nth].tolist()),
        said_born=slipped.cast(pl.Date),
        no_born=some(0.04), no_uprn=some(0.4), no_nhs=some(0.6), no_nino=some(0.7), initial=some(0.02), cut=some(0.02), no_home=some(0.08),
        days=pl.Series(rng.integers(0, 1400, n)),
    )  # fmt: skip
    fore, sur = pl.col("forename"), pl.col("surname")
    area = pl.lit("Q") + pl.Series(_LETTERS[one["district"].to_numpy() // 20 % 20])
    street = pl.col("place") // 40
    return frame.select(
        "person",
        "partner",
        pl.lit("people").alias("feed"),
        (pl.col("partner").str.head(2) + pl.col("person").cast(pl.String)).alias("person_ref"),
        pl.lit(True).alias("introduces"),
        pl.when(pl.col("initial")).then(fore.str.head(1)).otherwise(fore).alias("forename"),
        pl.when(pl.col("cut")).then(sur.str.slice(0, sur.str.len_chars() - 1)).otherwise(sur).alias("surname"),
        pl.when(~pl.col("no_born")).then(pl.col("said_born")).alias("date_of_birth"),
        "sex",
        pl.when(~pl.col("no_home")).then((pl.col("place") % 40 + 1).cast(pl.String) + " Street " + street.cast(pl.String)).alias("address"),
        pl.when(~pl.col("no_home")).then(area + (pl.col("district") % 20 + 1).cast(pl.String) + " " + (street % 10).cast(pl.String)
                                         + pl.Series(_LETTERS[(frame["place"].to_numpy() // 400) % 20])
                                         + pl.Series(_LETTERS[(frame["place"].to_numpy() // 8000) % 20])).alias("postcode"),
        pl.when(~pl.col("no_uprn") & ~pl.col("no_home")).then((10_000_000 + pl.col("district") * 1_000_000 + pl.col("place")).cast(pl.String)).alias("uprn"),
        pl.lit(None, pl.String).alias("upn"),
        pl.when(~pl.col("no_nhs")).then(pl.col("number").cast(pl.String)).alias("nhs_number"),
        pl.when(~pl.col("no_nino")).then("AB" + pl.col("number").cast(pl.String)).alias("nino"),
        (pl.lit(date(2016, 1, 1)) + pl.duration(days="days")).alias("first_snapshot_on"),
        (1 + pl.col("days")).alias("delivery_id"),
        pl.lit(1).alias("line_no"),
        pl.lit("2019-12-01").alias("known_from"),
    )  # fmt: skip
