"""An example county in a warehouse of the measurements' own, by the platform's way in: SFTP, land, check, conform."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from place import Place

from tf_integration import county
from tf_integration.flow import marts
from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.reference import load_reference
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.serve import partners
from tf_integration.store import warehouse


@contextmanager
def landed(here: Place, families: int, seed: int, as_at: date) -> Iterator[tuple[Settings, Path]]:
    """Settings of a warehouse that holds the county's facts, and the folder of its truth. Nobody is identified yet."""
    home, drawn = here.folder / f"home_{seed}", here.folder / f"county_{seed}"
    county.generate(drawn, families, seed, as_at, 1)
    here.outside("postgres", f"CREATE DATABASE county_{seed}")
    settings = Settings(home=home, warehouse_url=here.url(f"county_{seed}"))
    home.mkdir(parents=True)
    (home / "limits.yaml").write_text("settle_seconds: 0.05\npause_seconds: 0\n")
    with warehouse.transaction(settings) as conn:
        warehouse.migrate(conn)
        load_reference(conn)
        marts.create(conn)
    with partners.served(settings):
        for name in json.loads((drawn / "nights.json").read_text())[0]["files"]:
            _, partner, box, file = Path(name).parts
            shutil.copyfile(drawn / name, home / "partners" / partner / box / file)
        for feed in load_feeds():
            for delivery in discover(settings, feed, as_at):
                deliver(settings, delivery, as_at)
    yield settings, drawn / "truth"


def truth(folder: Path, name: str) -> list[dict[str, str]]:
    """One file of the county's truth."""
    with (folder / f"{name}.csv").open(newline="") as handle:
        return list(csv.DictReader(handle))
