"""`tfi doctor`: what is configured, reachable, pinned, old or unsafe. Every finding says how to mend it."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import shutil
import stat
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncssh
import psutil

from tf_integration.model.calendar import load_terms
from tf_integration.model.errors import PlatformError
from tf_integration.model.settings import PROJECT, PartnerServer, Settings
from tf_integration.serve import pages, platform, process
from tf_integration.serve.airflow_api import Api
from tf_integration.serve.airflow_parts import not_healthy
from tf_integration.serve.keys import Keyring, too_open
from tf_integration.serve.postgres import forsaken
from tf_integration.serve.sftp import FOLDERS
from tf_integration.serve.state import State
from tf_integration.store import clock, warehouse

WELL, ATTENTION, FAILED = "well", "attention", "failed"
_LEAST_DISC_BYTES = 5_000_000_000
_KEY_DAYS = 365
_SSH_SECONDS = 10
_SIGN_ON_SECONDS = 10
_SUPPORTED = ((3, 11), (3, 14))
_OLDEST_POSTGRES = 150000
_CLOCK_SECONDS = 60
Row = dict[str, str]


def doctor(settings: Settings) -> list[Row]:
    """See `serve.doctor`."""
    state, keyring = State(settings), Keyring(settings.home / "secrets")
    outside = platform.configured_elsewhere(settings, state, keyring)
    return [*_machine(settings), *_secrets(settings), *_pgp(settings), *_warehouse(settings), *_sftp(settings),
            *_airflow(settings, state, "airflow_url" in outside), _pages(settings, state), *sign_on(settings),
            *_listening(settings)]


def _row(check: str, state: str, says: str, mend: str = "") -> Row:
    return {"check": check, "state": state, "says": says, "mend": mend}


def _machine(settings: Settings) -> Iterator[Row]:
    found = ".".join(map(str, sys.version_info[:3]))
    fits = _SUPPORTED[0] <= sys.version_info[:2] < _SUPPORTED[1]
    mend = "" if fits else "Use Python 3.11, 3.12 or 3.13: `make setup`."
    yield _row("python", WELL if fits else FAILED, found, mend)
    stamp = PROJECT / ".venv" / ".setup-stamp"
    parts = (PROJECT / n for n in ("requirements.lock", "requirements-bootstrap.txt", "pyproject.toml", ".ci/setup"))
    wanted = hashlib.sha256(b"".join(f.read_bytes() for f in parts if f.exists())).hexdigest()
    if stamp.exists() and stamp.read_text().strip() != wanted:
        yield _row("packages", ATTENTION, "installed before the lock last changed", "Run `make setup`.")
    yield _row("home", WELL, str(settings.home)) if settings.home.exists() else _row(
        "home", FAILED, f"{settings.home} is not there", "Run `tfi up`, or set TFI_HOME.")
    for left in forsaken():
        yield _row("old data", ATTENTION, f"{left} holds the database of a home that is gone", f"rm -r {left}")
    if not settings.home.exists():
        return
    own = settings.reference / "terms.csv"
    try:
        last = max(t.ends_on for t in load_terms(settings.reference))
        yield _row("terms", WELL, f"{own if own.exists() else 'the shipped ones'}, to {last:%-d %B %Y}")
    except PlatformError as error:
        yield _row("terms", FAILED, f"{error.where}: {error.what}", error.mend)
    free = shutil.disk_usage(settings.home).free
    yield _row("disc", WELL if free > _LEAST_DISC_BYTES else ATTENTION, f"{free / 1e9:.0f} GB free",
               "" if free > _LEAST_DISC_BYTES else "Make room below TFI_HOME: a full disc stops every load.")


def _secrets(settings: Settings) -> Iterator[Row]:
    files = [f for f in (settings.home / "secrets").glob("**/*") if f.is_file()]
    files += [settings.services_file] if settings.services_file.exists() else []
    open_ones = too_open(files)
    for file in open_ones:
        yield _row("secrets", FAILED, f"others may read {file}", f"chmod 600 {file}")
    for folder in (settings.home, settings.home / "secrets", settings.home / "partners"):
        if folder.exists() and folder.stat().st_mode & stat.S_IWOTH:
            yield _row("secrets", FAILED, f"anyone may write in {folder}", f"chmod o-w {folder}")
    if files and not open_ones:
        yield _row("secrets", WELL, f"{len(files)} files, each its owner's alone")


def _pgp(settings: Settings) -> Iterator[Row]:
    """Whether extracts under PGP could be opened, and whose; nothing where nobody sends any and no key is there."""
    private, theirs = settings.pgp_private_key, {p: settings.pgp_keys(p) for p in settings.partners}
    named = [name for name, keys in theirs.items() if keys]
    if not private.exists() and not named:
        return
    if not shutil.which("gpg"):
        yield _row("pgp", ATTENTION, "this machine has no gpg", "Install gnupg (2.2 or later) if partners encrypt.")
    elif not private.exists():
        yield _row("pgp", FAILED, f"no key of ours at {private}", "Run `tfi up`, or mend pgp_key_file.")
    elif too_open([private]):
        yield _row("pgp", FAILED, f"others may read our key {private}", f"chmod 600 {private}")
    elif gone := [str(k) for keys in theirs.values() for k in keys if not k.is_file()]:
        yield _row("pgp", FAILED, f"no key at {', '.join(gone)}", "Mend pgp_keys.")
    else:
        yield _row("pgp", WELL, f"keys of {len(named)} partners: {', '.join(named) or 'none'}")


def _warehouse(settings: Settings) -> Iterator[Row]:
    if not settings.warehouse_url:
        yield _row("warehouse", FAILED, "none is configured", "Run `tfi up`, or set TFI_WAREHOUSE_URL.")
        return
    yield from _encrypted(settings.warehouse_url)
    try:
        with warehouse.transaction(settings) as conn:
            number = int(warehouse.scalar(conn, "SHOW server_version_num"))
            done = set()
            if warehouse.scalar(conn, "SELECT to_regclass('audit.migration')"):
                done = {row["name"] for row in warehouse.rows(conn, "SELECT name FROM audit.migration")}
            held, apart, ahead = 0, clock.apart_seconds(conn), 0.0
            if "0090_one_clock.sql" in done:
                ahead = clock.ahead_seconds(conn)
            if "0001_landing.sql" in done:
                held = warehouse.scalar(conn, "SELECT count(*) FROM landing.delivery WHERE state = 'held'")
    except PlatformError:
        raise
    except Exception as error:            # the driver's own classes stay in store
        yield _row("warehouse", FAILED, f"cannot be reached: {warehouse.safe_message(error)}",
                   "Run `tfi up`, or mend TFI_WAREHOUSE_URL.")
        return
    fits = number >= _OLDEST_POSTGRES
    yield _row("warehouse", WELL if fits else FAILED, f"PostgreSQL {number // 10000}.{number % 10000}",
               "" if fits else "Use PostgreSQL 15 or later.")
    if waiting := [m.name for m in warehouse.migrations() if m.name not in done]:
        yield _row("tables", FAILED, f"{len(waiting)} migrations are not applied", "Run `tfi up`.")
    yield from _clocks(apart, ahead)
    if held:
        yield _row("deliveries", ATTENTION, f"{held} held", "Run `tfi feeds`, then `tfi feed release`.")


def _clocks(apart: float, ahead: float) -> Iterator[Row]:
    if abs(apart) > _CLOCK_SECONDS:
        yield _row("clock", FAILED, f"the warehouse's is {apart:+.0f} s from this machine's",
                   "Set the wrong one right: far apart, nothing is decided.")
    elif ahead > _CLOCK_SECONDS:
        yield _row("clock", ATTENTION, f"it was set back: the last instant given is {ahead:.0f} s ahead of it",
                   "Nothing if it is right now: order is kept, and instants are counted on until it catches up.")
    else:
        yield _row("clock", WELL, "the warehouse's and this machine's agree")


def _encrypted(url: str) -> Iterator[Row]:
    parts = urlsplit(url)
    mode = parse_qs(parts.query).get("sslmode", ["prefer"])[0]
    near = parts.hostname in ("127.0.0.1", "::1", "localhost", None)
    if not near and mode not in ("verify-ca", "verify-full"):
        yield _row("warehouse", ATTENTION, f"reached over the network with sslmode={mode}",
                   "Add ?sslmode=verify-full and sslrootcert to the connection string.")


def _sftp(settings: Settings) -> list[Row]:
    if not settings.partners:
        return [_row("partners", FAILED, "none is configured", "Run `tfi up`, or see docs/settings.md.")]
    return asyncio.run(_all_partners(settings))


async def _all_partners(settings: Settings) -> list[Row]:
    found = await asyncio.gather(*(_partner(name, server) for name, server in settings.partners.items()))
    return [row for rows in found for row in rows]


async def _partner(name: str, server: PartnerServer) -> list[Row]:
    """Sign in as we would at night: the pinned host key, our own key, and the two folders."""
    check, at = f"partner {name}", f"{server.host}:{server.port}"
    if not server.key_file.exists():
        return [_row(check, FAILED, f"no key at {server.key_file}", "Run `tfi up`, or mend key_file.")]
    rows = _client_key(check, server.key_file)
    pinned = asyncssh.import_public_key(server.host_key)
    try:
        async with asyncio.timeout(_SSH_SECONDS), asyncssh.connect(
                server.host, server.port, username=server.username, client_keys=[str(server.key_file)],
                config=None, agent_path=None, known_hosts=([pinned], [], [])) as connection:
            client = await connection.start_sftp_client()
            missing = [f for f in FOLDERS if not await client.isdir(f"{server.root.rstrip('/')}/{f}")]
    except asyncssh.HostKeyNotVerifiable:
        return [*rows, _row(check, FAILED, f"{at} shows another host key than the one pinned",
                            "Ask the partner, by telephone, whether they changed it; then change host_key.")]
    except asyncssh.PermissionDenied:
        return [*rows, _row(check, FAILED, f"{at} refuses our key", "Give the partner the .pub again.")]
    except (asyncssh.ChannelOpenError, asyncssh.SFTPError) as error:
        return [*rows, _row(check, FAILED, f"{at} signs us in but gives no files ({type(error).__name__})",
                            "Ask the partner to look at their server's log.")]
    except (OSError, asyncssh.Error, TimeoutError) as error:
        return [*rows, _row(check, FAILED, f"{at} cannot be reached ({type(error).__name__})",
                            "Run `tfi up` for the embedded server; else ask the partner.")]
    if missing:
        says = f"no {' and no '.join(missing)} at {at}"
        return [*rows, _row(check, FAILED, says, "Ask the partner to make them.")]
    return [*rows, _row(check, WELL, f"{at}, host key pinned")]


def _client_key(check: str, file: Path) -> list[Row]:
    rows = []
    if too_open([file]):
        rows.append(_row(check, FAILED, f"others may read our key {file}", f"chmod 600 {file}"))
    days = (time.time() - file.stat().st_mtime) / 86400
    if days > _KEY_DAYS:
        rows.append(_row(check, ATTENTION, f"our key is {days:.0f} days old",
                         f"Delete {file} and its .pub, run `tfi up`, and give the partner the new .pub."))
    if asyncssh.read_private_key(str(file)).get_algorithm() != "ssh-ed25519":
        rows.append(_row(check, ATTENTION, "our key is not Ed25519", "Run `ssh-keygen -t ed25519`."))
    return rows


def _airflow(settings: Settings, state: State, elsewhere: bool) -> Iterator[Row]:
    if not settings.airflow_url:
        yield _row("airflow", FAILED, "stopped, or none is configured", "Run `tfi up`.")
        return
    try:
        api = Api(settings, timeout_seconds=10)
        health = api.health()
        sick = [n for n, p in health.items() if n != "triggerer" and (p or {}).get("status") != "healthy"]
        sick = sick if elsewhere else not_healthy(api, state)
        says = f"not healthy: {', '.join(sick)}" if sick else settings.airflow_url
        yield _row("airflow", FAILED if sick else WELL, says, "Run `tfi up`." if sick else "")
        for error in api.import_errors():
            yield _row("dags", FAILED, f"does not load: {error}", "Mend it; Airflow reads it again.")
        if paused := api.paused():
            yield _row("dags", ATTENTION, f"paused, and never run: {', '.join(paused)}", "Switch them on in Airflow.")
    except PlatformError as error:
        yield _row("airflow", FAILED, error.what, error.mend)


def _pages(settings: Settings, state: State) -> Row:
    if settings.web.url:
        is_https = settings.web.url.startswith("https://")
        return _row("pages", WELL if is_https else ATTENTION, f"elsewhere, at {settings.web.url}",
                    "" if is_https else "Reach them by https: what they show is read on the way otherwise.")
    if pages.answers(state.port(pages.PART)):
        return _row("pages", WELL, pages.url(state))
    return _row("pages", FAILED, "stopped, or they cannot read the warehouse", "Run `tfi up`.")


def sign_on(settings: Settings) -> Iterator[Row]:
    """The council's own sign-on service, where one is named: whether it answers under that very name."""
    told = settings.web.openid
    if not told:
        return
    if told.secret_file and (not told.secret_file.is_file() or too_open([told.secret_file])):
        yield _row("sign-on", FAILED, f"{told.secret_file} is not there, or others can read it",
                   "Put the service's secret into it, its owner's alone: chmod 600.")
    try:
        with urllib.request.urlopen(told.configuration_url, timeout=_SIGN_ON_SECONDS) as answer:
            calls_itself = json.loads(answer.read()).get("issuer")
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        yield _row("sign-on", FAILED, f"{told.issuer} does not answer as a sign-on service", "See [web.openid].")
        return
    is_it = calls_itself == told.issuer
    yield _row("sign-on", WELL if is_it else FAILED, told.issuer if is_it else f"calls itself {calls_itself}",
               "" if is_it else "Write that name into `issuer` of [web.openid].")


def _listening(settings: Settings) -> Iterator[Row]:
    """Our own processes must be heard on this machine alone."""
    heard = []
    for found in process.ours(settings.home):
        try:
            heard += [c.laddr for c in found.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        except psutil.Error:
            continue
    for address in heard:
        if address.ip not in ("127.0.0.1", "::1"):
            says = f"port {address.port} listens on {address.ip}"
            yield _row("loopback", FAILED, says, "Run `tfi down`, then `tfi up`.")
    if heard and all(a.ip in ("127.0.0.1", "::1") for a in heard):
        yield _row("loopback", WELL, f"{len(heard)} ports, heard on this machine alone")
