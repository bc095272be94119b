"""Write an attendance extract of so many rows, with about 0.4% of them faulty, and the same without those."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tf_integration.model.calendar import load_terms

SNAPSHOT_ON = date(2019, 3, 15)
HALF_TERMS, CHUNK = 18, 360_000
FAULTY = 0.004  # below the share at which a delivery is held
_ALPHABET = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))


def upns(numbers: np.ndarray) -> np.ndarray:
    """Unique pupil numbers whose check letter is right."""
    digits = np.char.add("880", np.char.zfill(numbers.astype(str), 9))
    places = np.array([list(map(int, d)) for d in digits])
    return np.char.add(_ALPHABET[(places * np.arange(2, 14)).sum(axis=1) % 23], digits)


def chunk(first: int, rows: int, random: np.random.Generator) -> tuple[pl.DataFrame, np.ndarray]:
    """Rows as text, and which of them are faulty."""
    terms = [t for t in load_terms() if t.ends_on < SNAPSHOT_ON][-HALF_TERMS:]
    pupil, term = np.divmod(np.arange(first, first + rows), HALF_TERMS)
    who = upns(np.arange(pupil[0], pupil[-1] + 1))[pupil - pupil[0]]
    absent = random.integers(0, 20, rows)
    authorised = absent // 2
    frame = pl.DataFrame(
        {
            "person_ref": who,
            "establishment": (9_900_000 + pupil % 300).astype(str),
            "period_start": np.array([t.starts_on.isoformat() for t in terms])[term],
            "period_end": np.array([t.ends_on.isoformat() for t in terms])[term],
            "sessions_possible": np.full(rows, "70"),
            "sessions_attended": (70 - absent).astype(str),
            "sessions_authorised": authorised.astype(str),
            "sessions_unauthorised": (absent - authorised).astype(str),
        }
    )
    fault = np.where(random.random(rows) < FAULTY, random.integers(1, 6, rows), 0)
    planted = {
        1: ("period_start", "31/02/2019"),
        2: ("sessions_attended", "71"),
        3: ("sessions_possible", "999"),
        4: ("establishment", "99A"),
        5: ("sessions_attended", ""),
    }
    frame = frame.with_columns(pl.Series("fault", fault))
    for kind, (column, text) in planted.items():
        frame = frame.with_columns(
            pl.when(pl.col("fault") == kind).then(pl.lit(text)).otherwise(pl.col(column)).alias(column)
        )
    return frame.drop("fault"), fault > 0


def write(rows: int, faulty: Path, clean: Path) -> None:
    """Both files; the same numbers of rows give the same files."""
    random = np.random.default_rng(7)
    with faulty.open("wb") as every, clean.open("wb") as good:
        for first in range(0, rows, CHUNK):
            frame, bad = chunk(first, min(CHUNK, rows - first), random)
            frame.write_csv(every, include_header=first == 0)
            frame.filter(~pl.Series(bad)).write_csv(good, include_header=first == 0)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    print("{}")
