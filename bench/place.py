"""A PostgreSQL cluster of the measurements' own in a temporary folder, and what every case does with it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tf_integration import assess
from tf_integration.flow.reference import load_reference
from tf_integration.serve.postgres import Cluster, free_port
from tf_integration.store import warehouse

BENCH = Path(__file__).resolve().parent


@dataclass
class Line:
    """One comparison. `goal` is the greatest ratio (ours / peer) that was aimed at."""

    case: str
    peer: str
    ours_s: float
    peer_s: float
    rss_mib: float | None = None
    goal: float | None = None
    runs: int = 1
    note: str = ""
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        self.ratio = self.ours_s / self.peer_s


@dataclass
class Place:
    """A running cluster and a folder that its server can read."""

    folder: Path
    cluster: Cluster

    def url(self, name: str) -> str:
        return warehouse.normal_url(self.cluster.database_url(name))

    def database(self, name: str) -> sa.Engine:
        """A new database with the migrations, the reference data and the plans."""
        self.outside("postgres", f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        engine = warehouse.engine(self.url(name))
        with engine.begin() as conn:
            warehouse.migrate(conn)
            load_reference(conn)
            assess.load_plans(conn)
        return engine

    def outside(self, name: str, *statements: str) -> None:
        """Statements that no transaction may hold (VACUUM, CREATE DATABASE)."""
        engine = sa.create_engine(self.url(name), isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def place() -> Iterator[Place]:
    """A cluster that is gone afterwards, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="tfi-bench-"))
    folder.chmod(0o755)  # the server's user reads the files of the COPY floor
    cluster = Cluster(folder / "pg", free_port(), secrets.token_hex(8))
    try:
        cluster.start()
        yield Place(folder, cluster)
    finally:
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def clock() -> Iterator[list[float]]:
    """Wall seconds of the block, in the list's one place."""
    taken = [0.0]
    start = time.perf_counter()
    try:
        yield taken
    finally:
        taken[0] = time.perf_counter() - start


def server_cpu(conn: sa.Connection) -> float:
    """CPU seconds that this connection's server process has taken: what a busy machine leaves comparable."""
    pid = conn.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def child(script: str, *arguments: str, python: str = sys.executable) -> dict[str, Any]:
    """Run a script of this folder by itself and read the JSON of its last line."""
    environment = os.environ | {"PYTHONPATH": str(BENCH.parent)}
    done = subprocess.run(
        [python, str(BENCH / script), *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise SystemExit(f"{script} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def peak_mib() -> float:
    """The peak resident memory of this process, of its own address space only (a parent's is not carried over)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
