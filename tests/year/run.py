"""`make year`: 365 nights of a county through the platform, claims all the year, and every one of them proved at its end.

    .venv/bin/python tests/year/run.py [--families 1500] [--nights 365] [--seed N] [--every 1] [--home DIR]

The exit code is 1 when anything was found wrong.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tf_integration.serve.postgres import Cluster, free_port
from year.county import Order
from year.proof import prove_the_end
from year.running import Year, opened

MOST_SECONDS_BETWEEN_WORDS = 60


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--families", type=int, default=1500)
    given.add_argument("--nights", type=int, default=365)
    given.add_argument("--every", type=int, default=1, help="nights apart on which files come")
    given.add_argument("--seed", type=int, default=20191120)
    given.add_argument("--minutes", type=float, default=0, help="begin no further night after so many")
    given.add_argument("--home", type=Path, help="a folder to keep; without it, one that is removed afterwards")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as spare:
        folder = asked.home or Path(spare)
        cluster = Cluster(folder / "pg", free_port(), secrets.token_hex(12))
        cluster.start()
        try:
            order = Order(asked.families, asked.nights, asked.seed, asked.every)
            return _year(folder, cluster.database_url("postgres"), order, asked.minutes)
        finally:
            cluster.stop()


def _year(folder: Path, url: str, order: Order, minutes: float) -> int:
    began, said = time.monotonic(), [0.0]

    def tell(words: str) -> None:
        now = time.monotonic() - began
        if now - said[0] > MOST_SECONDS_BETWEEN_WORDS:
            said[0] = now
            print(f"{now:6.0f} s  {words}", flush=True)

    year = Year(opened(folder / "home", url), order, tell)
    year.run(minutes)
    ran = time.monotonic()
    prove_the_end(year.proof, year.settings, year.truth)
    year.seconds["the end's proofs"] = time.monotonic() - ran
    told = {
        "families": order.families,
        "nights": len(year.nights),
        "every": order.every,
        "happened": dict(year.counts),
        "checked": dict(year.proof.checked),
        "wrong": year.proof.wrong,
        "seconds": {k: round(s) for k, s in year.seconds.items()},
        "in all": round(time.monotonic() - began),
    }
    (folder / "year.json").write_text(json.dumps(told, indent=1, default=str))
    print(
        json.dumps(told | {"wrong": year.proof.wrong[:20], "found wrong": len(year.proof.wrong)}, indent=1, default=str)
    )
    return 1 if year.proof.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
