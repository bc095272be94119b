"""Read a labelled table of people from CSV or parquet files, with what each column is for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray
from place import BENCH

_NUMBERED = r"^([A-Za-z]+-\d+)-"  # rec-7-org, rec-7-dup-0
_DATES = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d-%m-%Y", "%m/%d/%Y", "%d.%m.%Y")


@dataclass(frozen=True)
class Labelled:
    """`frame`: every column as text, null for nothing; the `role` of each; `person`: who is truly behind each row."""

    frame: pl.DataFrame
    role: dict[str, str]
    person: NDArray[np.int64]
    source: NDArray[np.int64] | None
    settings: dict[str, Any]

    def of(self, role: str) -> str | None:
        """The column in a role."""
        return next((c for c, r in self.role.items() if r == role), None)


def read(files: list[Path], labels: Path | None, columns: Path | None) -> Labelled:
    """The files as one table; two files hold each person once each, unless the column file says `duplicates: true`.

    The truth is a column (`person`), or what the record numbers say (`rec-7-org` and `rec-7-dup-0` are one person), or
    a file of pairs of record numbers that are one person.
    """
    settings: dict[str, Any] = yaml.safe_load((BENCH / "labelled.yaml").read_text())
    own: dict[str, Any] = yaml.safe_load(columns.read_text()) if columns else {}
    frame = pl.concat([_plain(file).with_columns(_file=pl.lit(n)) for n, file in enumerate(files)], how="diagonal")
    source = None if len(files) < 2 or own.get("duplicates") else frame["_file"].to_numpy().astype(np.int64)
    frame = frame.drop("_file")
    role = {c: _role(c, settings["roles"], own) for c in frame.columns}
    role |= dict.fromkeys(_again(frame, role), "ignore")
    for column, name in [*role.items()]:
        if name == "further" and frame[column].n_unique() < 3:
            role[column] = "ignore"
    return Labelled(frame, role, _truth(frame, role, labels), source, settings | own.get("settings", {}))


def _plain(file: Path) -> pl.DataFrame:
    read = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)
    named = read.rename({c: c.strip() for c in read.columns})
    stripped = named.select(pl.all().cast(pl.String).str.strip_chars().str.strip_chars('"'))
    return stripped.with_columns(
        pl.when(pl.all().str.to_lowercase().is_in(["", "nan", "null", "none", "na"]))
        .then(None)
        .otherwise(pl.all())
        .name.keep()
    )


def _role(column: str, roles: dict[str, list[str]], own: dict[str, Any]) -> str:
    if column in own.get("columns", {}):
        return str(own["columns"][column])
    bare = "".join(x for x in column.lower() if x.isalnum())
    return next((role for role, names in roles.items() if bare in names), "further")


def _again(frame: pl.DataFrame, role: dict[str, str]) -> list[str]:
    """Columns that say forename and surname over again."""
    names = {r: c for c, r in role.items() if r in ("forename", "surname")}
    if len(names) < 2:
        return []
    both = frame.drop_nulls(list(names.values()))
    found = []
    for column in (c for c, r in role.items() if r == "further"):
        said = pl.col(column).str.to_lowercase()
        holds = [said.str.contains(pl.col(c).str.to_lowercase(), literal=True) for c in names.values()]
        share = both.select((holds[0] & holds[1] & ~said.str.contains("@", literal=True)).mean()).item()
        found += [column] if (share or 0) > 0.5 else []
    return found


def _truth(frame: pl.DataFrame, role: dict[str, str], labels: Path | None) -> NDArray[np.int64]:
    column = {r: c for c, r in role.items() if r in ("person", "id")}
    if labels is not None:
        return _joined(frame[column["id"]], _plain(labels))
    by_number = "person" not in column
    said = frame[column["id"]].str.extract(_NUMBERED) if by_number else frame[column["person"]]
    if said.null_count() == len(said):
        raise SystemExit("no truth: name the column that holds it (`columns: {NAME: person}`), or give --labels FILE")
    known = said.fill_null(pl.Series([f"alone {n}" for n in range(len(said))]))
    return known.rank("dense").cast(pl.Int64).to_numpy()


def _joined(ids: pl.Series, pairs: pl.DataFrame) -> NDArray[np.int64]:
    """Who is whom by a file of pairs: two columns of record numbers, and a score (1: one person) where there is one."""
    score = next((c for c in pairs.columns if "score" in c or "match" in c or c == "label"), None)
    one, other = (c for c in pairs.columns if c != score and "dataset" not in c and "source" not in c)
    row = {record: n for n, record in enumerate(ids)}
    root = list(range(len(row)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for a, b, said in zip(pairs[one], pairs[other], pairs[score] if score else ["1"] * len(pairs), strict=True):
        if float(said) >= 0.5 and a in row and b in row:
            root[find(row[a])] = find(row[b])
    return np.array([find(n) for n in range(len(root))])


def dates(column: pl.Series) -> pl.Series:
    """Birth dates as eight digits, in the format that most have; what no calendar holds stays as it is written."""
    parsed = [column.str.to_date(f, strict=False) for f in _DATES]
    best = max(range(len(_DATES)), key=lambda n: parsed[n].is_not_null().sum())
    digits = column.str.replace_all(r"\D", "")
    if _DATES[best] not in ("%Y-%m-%d", "%Y%m%d"):
        digits = parsed[best].dt.strftime("%Y%m%d")
    return digits.set(digits.str.len_chars() != 8, None).cast(pl.Int64, strict=False)


def write(table: Labelled, file: Path) -> dict[str, str]:
    """Write the table for the peers: birth dates as eight digits, `row_number`, `source_file`, the truth as `person`.

    Returns the role of each column in it.
    """
    kept = {c: r for c, r in table.role.items() if r not in ("ignore", "person", "id")}
    frame = table.frame.select(list(kept)).rename({c: c.lower() for c in kept})
    if born := table.of("date_of_birth"):
        frame = frame.with_columns(dates(table.frame[born]).cast(pl.String).alias(born.lower()))
    source = np.zeros(frame.height, dtype=np.int64) if table.source is None else table.source
    numbered = frame.with_row_index("row_number").with_columns(
        person=pl.Series(table.person), source_file=pl.Series(source)
    )
    numbered.write_parquet(file)
    return {c.lower(): r for c, r in kept.items()}
