"""The warehouse into a file and out of it, by PostgreSQL's own programs. No password stands in a command line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import sqlalchemy as sa

from tf_integration.model.errors import ServiceError
from tf_integration.store import warehouse
from tf_integration.store.warehouse import Connection

# how the parts of a connection string are called in the environment of PostgreSQL's programs
_CALLED = {"host": "PGHOST", "port": "PGPORT", "username": "PGUSER", "password": "PGPASSWORD", "database": "PGDATABASE"}
_EMPTY = ("SELECT nspname FROM pg_namespace"
          " WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')")  # fmt: skip


def dump(programs: Path, url: str, file: Path) -> None:
    """Write everything in the warehouse, as it is at this moment, to a new file that its owner alone can read.

    Raises:
        ServiceError: the program is not there, is older than the server, or cannot write.
    """
    file.touch(mode=0o600, exist_ok=False)
    try:
        _ask(programs / "pg_dump", url, "--format=custom", f"--file={file}")
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def restore(programs: Path, url: str, file: Path) -> None:
    """Put a dump in the place of all that the warehouse holds. Its roles must be there already.

    Raises:
        ServiceError: the program is not there, or the file is no whole dump; the warehouse is then empty or half full.
    """
    with warehouse.engine(warehouse.normal_url(url)).begin() as conn:
        _empty(conn)
    _ask(programs / "pg_restore", url, "--exit-on-error", "--dbname", _named(url)["PGDATABASE"], str(file))


def _empty(conn: Connection) -> None:
    for schema in conn.execute(sa.text(_EMPTY)).scalars().all():
        conn.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')


def _ask(program: Path, url: str, *arguments: str) -> None:
    try:
        done = subprocess.run([program, *arguments], env=os.environ | _named(url), capture_output=True, text=True)
    except OSError as error:
        raise ServiceError(f"{program.name} cannot be run ({error.strerror}).", where=str(program),
                           mend="Install PostgreSQL's client programs.") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[0]
        raise ServiceError(f"{program.name} did not finish: {_without_values(last)}", where=arguments[-1],
                           mend="Its version must not be below the server's; look at room on the disk, too.")


def _without_values(line: str) -> str:
    """The program's complaint as far as its kind: what follows may quote a row."""
    return line.split("DETAIL", 1)[0].split("COPY", 1)[0].strip()[:200]


def _named(url: str) -> dict[str, str]:
    parts = sa.make_url(url)
    known = {_CALLED[name]: str(value) for name in _CALLED if (value := getattr(parts, name)) is not None}
    return known | {f"PG{name.upper()}": str(value) for name, value in parts.query.items()}
