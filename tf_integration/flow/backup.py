"""A backup of everything that cannot be made anew, and coming back from it."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

from tf_integration.flow.setup import prepare
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import binaries
from tf_integration.store import backup, warehouse

DUMP, FILES = "warehouse.dump", "home.tar.gz"
_MADE_ANEW = ("postgres", "run", "logs", "airflow", "county")


def write(settings: Settings, out: Path) -> dict[str, Any]:
    """Write the warehouse and then the home's files into a new folder of its owner's alone; sizes in bytes.

    The warehouse first: a file is landed before the warehouse speaks of it, so nothing that it names is missing.

    Raises:
        CallError: the folder is there already, or cannot be made.
        ServiceError: PostgreSQL's program cannot do it.
    """
    url = warehouse_of(settings)
    try:
        out.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CallError(f"the folder cannot be made ({error.strerror}).", where=str(out),
                        mend="Name a new one.") from None
    backup.dump(binaries(), url, out / DUMP)
    with (out / FILES).open("xb") as handle, tarfile.open(fileobj=handle, mode="w:gz") as archive:
        (out / FILES).chmod(0o600)
        for item in sorted(settings.home.iterdir()):
            if item.name not in _MADE_ANEW and item.resolve() != out.resolve():
                archive.add(item, item.name)
    return {name: (out / name).stat().st_size for name in (DUMP, FILES)}


def read(settings: Settings, file: Path) -> None:
    """Put a backup's warehouse in the place of this one, which must hold no delivery, and bring it to this version.

    Raises:
        CallError: there is no such file.
        NeedsAPerson: this warehouse holds deliveries: it is somebody's.
        ServiceError: the file is no whole dump.
    """
    if not file.is_file():
        raise CallError("there is no such file.", where=str(file), mend=f"Give the {DUMP} of a backup.")
    with warehouse.transaction(settings) as conn:
        if n := warehouse.scalar(conn, "SELECT count(*) FROM landing.delivery"):
            raise NeedsAPerson(f"this warehouse holds {n:,} deliveries, and a restore would lose them.",
                               where=str(settings.home), mend="Restore into a home that `tfi up --empty` has made.")
    backup.restore(binaries(), warehouse_of(settings), file)
    prepare(settings)


def warehouse_of(settings: Settings) -> str:
    """The warehouse's connection string; an error where none is configured."""
    return str(warehouse.warehouse(settings).url.render_as_string(hide_password=False))
