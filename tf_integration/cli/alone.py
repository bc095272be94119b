"""The partner's own check as a program by itself: `python tfi-check.pyz FILE --feed F`. Arguments as `tfi check`.

Runs from the single file that `tfi check-build` makes, with what that file lists and nothing else of the platform.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from tf_integration.flow.dry_run import dry_run
from tf_integration.land.receipt_words import as_text
from tf_integration.model.errors import PlatformError
from tf_integration.model.feed import load_feeds

UNEXPECTED = 3


def main(arguments: list[str] | None = None, own: Path | None = None) -> int:
    """Check one file; the exit code is 0 well, 1 it would be held or rejected, 2 called wrongly, 3 failed.

    `own` is a folder with a council's own `guards.yaml` and `limits.yaml`, when it has any.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.feeds:
        _say("\n".join(f"{f.feed:<26}{f.version}  {f.title}" for f in load_feeds().values()) + "\n")
        return 0
    if asked.file is None or not asked.feed:
        parser.error("give a file and --feed; --feeds lists them")
    try:
        told = dry_run(asked.file, asked.feed, asked.snapshot_on, own)
    except PlatformError as error:
        sys.stderr.write(f"tfi-check: {error}\n")
        return error.exit_code
    except Exception as error:  # its message may quote a row, so it is not shown
        sys.stderr.write(f"tfi-check: an unexpected fault ({type(error).__name__}).\n")
        return UNEXPECTED
    page = as_text(told, told["rejects"], heading="What the receipt would say of")
    _say(json.dumps(told, indent=2, default=str) + "\n" if asked.json else page)
    return 0 if told["is_well"] else 1


def _say(text: str) -> None:
    sys.stdout.write(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tfi-check", description="Check an extract before it is sent: what the receipt would say. Stores nothing."
    )
    parser.add_argument("file", nargs="?", type=Path, help="the extract: .csv or .csv.gz")
    parser.add_argument("--feed", help="which feed it is of")
    parser.add_argument(
        "--snapshot-on", type=date.fromisoformat, help="the snapshot date, when the name does not say it"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--feeds", action="store_true", help="list the feeds, with the version of each contract")
    return parser
