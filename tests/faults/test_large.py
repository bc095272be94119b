"""Files of any size in bounded memory, measured in the process that loads them. The largest in `make faults` alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from small_council import Council, tenancies
from spoiling import how_many

LIMIT_KIB = 512 * 1024

_MEASURED = """
import sys, threading, time
from datetime import date
from pathlib import Path
from tf_integration import conform
from tf_integration.land.limits import load_limits
from tf_integration.land.open import Unreadable, open_text
from tf_integration.model.feed import load_feeds
folder, make, rows = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
feed = load_feeds()["housing_tenancies"]
{body}
# The high-water mark of this program alone: ru_maxrss begins at that of whoever started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(peak, told)
"""


def measured(folder: Path, body: str, rows: int = 0, **environment: str) -> tuple[int, str]:
    """Run the body in a process of its own; (peak KiB, what it told)."""
    program = _MEASURED.replace("{body}", textwrap.dedent(body))
    run = [sys.executable, "-c", program, str(folder), "x", str(rows)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr[-2000:]
    peak, _, told = done.stdout.strip().partition(" ")
    print(f"peak {int(peak) / 1024:.0f} MiB: {told}")
    return int(peak), told


def test_a_giant_line_is_refused_in_little_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """A sparse file: 10 GiB (64 MiB in the quick run) of NULs after a start without a line end, and of letters."""
    size = how_many(64 << 20, 10 << 30)
    file = tmp_path / "giant.csv"
    with file.open("wb") as out:
        out.write(b"x" * (2 << 20))
        out.truncate(size)
    told_limit = """
    began = time.monotonic()
    try:
        open_text(folder / "giant.csv", folder / "out", "utf-8", load_limits(), is_gzip=False, is_pgp=False)
        told = "read"
    except Unreadable as error:
        told = f"{error.rule} {time.monotonic() - began:.2f}"
    """
    peak, told = measured(tmp_path, told_limit)
    record_property("peak_mib", peak // 1024)
    rule, seconds = told.split()
    assert rule == "line_too_long"
    assert float(seconds) < 5
    assert peak < LIMIT_KIB
    parsed = """
    said = conform.inspect(folder / "giant.csv", feed, date(2019, 5, 1))
    told = said.faults[0].rule
    """
    peak, told = measured(tmp_path, parsed)
    assert told in ("header_too_long", "line_too_long", "nul_throughout")
    assert peak < LIMIT_KIB


def test_a_bomb_is_refused_in_little_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Packed zeros of 4 GiB (200 MiB in the quick run), made member by member."""
    import zlib

    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    with (tmp_path / "bomb.gz").open("wb") as out:
        out.write(pack.compress(b"a,b\n"))
        for _ in range(how_many(200, 4096)):
            out.write(pack.compress(b"1,2\n" * (1 << 18)))
        out.write(pack.flush())
    body = """
    try:
        open_text(folder / "bomb.gz", folder / "out", "utf-8", load_limits(), is_gzip=True, is_pgp=False)
        told = "read"
    except Unreadable as error:
        told = error.rule
    told += f" {(folder / 'out').exists()}"
    """
    peak, told = measured(tmp_path, body)
    record_property("peak_mib", peak // 1024)
    assert told == "bomb False"
    assert peak < LIMIT_KIB


def test_a_file_of_many_rows_is_read_in_bounded_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """50 million rows (400,000 in the quick run) through a pipe, so that no disk need hold them: every check of a file."""
    rows = int(os.environ.get("TFI_ROWS", how_many(400_000, 50_000_000)))
    record_property("runs", 1)
    body = """
    import os
    from tf_integration.conform.parse import Parser
    head = "person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,tenancy_ref,role,start_on,end_on,tenure\\n"
    reading, writing = os.pipe()

    def write():
        with os.fdopen(writing, "w", buffering=1 << 20) as out:
            out.write(head)
            for n in range(0, rows, 10_000):
                out.write("".join(f"H{i},A,G,1980-01-01,F,1 High Street,CT1 2AB,,,,,T{i},tenant,2019-01-01,,LA\\n" for i in range(n, n + 10_000)))

    threading.Thread(target=write, daemon=True).start()
    staged = conform.Staged()
    with os.fdopen(reading, "rb", buffering=0) as stream:
        parser = Parser(stream, feed, date(2019, 5, 1), staged)
        assert parser.open()
        for _ in parser.batches():
            pass
    told = f"{staged.rows_read} {sum(len(r) for r, _ in parser.keys.twice())} {len(staged.faults)}"
    """
    began = time.monotonic()
    peak, told = measured(tmp_path, body, rows)
    record_property("rows", rows)
    record_property("peak_mib", peak // 1024)
    record_property("seconds", round(time.monotonic() - began))
    assert told == f"{rows} 0 0"
    assert peak < LIMIT_KIB


_DELIVERY = """
import json
from tf_integration.flow.deliver import deliver, discover
from tf_integration.model.settings import Settings
settings = Settings.model_validate_json((folder / "settings.json").read_text())
(found,) = discover(settings, "housing_tenancies", date(2019, 5, 1))
told = json.dumps(deliver(settings, found, date(2019, 5, 1)))
"""


def test_a_delivery_of_many_rows_is_loaded_in_bounded_memory(
    council: Council, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The whole way of a file, from the partner's server into the warehouse: a million rows (15,000 in the quick run)."""
    rows = int(os.environ.get("TFI_LOADED_ROWS", how_many(15_000, 1_000_000)))
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(rows), control={"rows": rows})
    (tmp_path / "settings.json").write_text(council.settings.model_dump_json())
    began = time.monotonic()
    peak, told = measured(tmp_path, _DELIVERY)
    record_property("rows", rows)
    record_property("peak_mib", peak // 1024)
    record_property("seconds", round(time.monotonic() - began))
    assert json.loads(told)["rows_loaded"] == rows
    assert council.facts("housing_tenancies") == rows
    assert peak < LIMIT_KIB
