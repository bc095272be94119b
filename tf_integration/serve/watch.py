"""Starts again what was killed: `python -m tf_integration.serve.watch NAME`, for the home in `TFI_HOME`.

Two run, and each watches the other too: whichever process of the platform is killed, another is there to start it
again. Only what `tfi up` wrote down as started is watched; after `tfi down` nothing is, and they end.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tf_integration.model.errors import PlatformError
from tf_integration.model.settings import Settings
from tf_integration.serve import process
from tf_integration.serve.state import State

PARTS = ("watch", "second-watch")
_MODULE = "tf_integration.serve.watch"      # not __name__, which is __main__ where a watch starts the other
_LOOK_SECONDS = 2
_FORBEARS = (0, 2, 5, 15, 60)       # seconds before a part that keeps ending is started again
_CALM_SECONDS = 300                 # a part that ran so long begins again at the first of these
log = logging.getLogger("watch")


def start(settings: Settings, state: State, *names: str) -> None:
    """Start those watches that do not run, or run an earlier text of this room."""
    text = b"".join(f.read_bytes() for f in sorted(Path(__file__).parent.glob("*.py")))
    of = hashlib.sha256(text).hexdigest()[:16]
    for name in names or PARTS:
        known = state.process(name)
        if known and known.recipe == of and known.alive(settings.home):
            continue
        process.stop(settings.home, name)
        command = [sys.executable, "-m", _MODULE, name]
        environment = {"TFI_HOME": str(settings.home)}
        said = settings.logs / "services" / f"{name}.log"
        state.put_process(process.start(settings.home, name, command, environment, said, of=of))


def mend(settings: Settings, me: str, forbear: Callable[[str], bool]) -> list[str]:
    """Start what was started for this home and has ended; returns their names. Not while `up` or `down` is at work."""
    state = State(settings)
    ended = [n for n in _ended(settings, state, me) if not forbear(n)]
    if not ended:
        return []
    with _not_meanwhile(settings) as is_free:
        if not is_free:
            return []
        state = State(settings)
        ended = [n for n in _ended(settings, state, me) if n in ended]
        for name in ended:
            _start(settings, state, name)
        return ended


def _ended(settings: Settings, state: State, me: str) -> list[str]:
    """What was written down as started, and does not run: PostgreSQL first, which the others need."""
    from tf_integration.serve import databases
    from tf_integration.serve.keys import Keyring

    started = state.known.get("processes") or {}
    ended = [n for n in started if n != me and not process.Process.read(started[n]).alive(settings.home)]
    if started and state.port("postgres"):
        cluster = databases.cluster(settings, state, Keyring(settings.home / "secrets"))
        if (cluster.data / "PG_VERSION").exists() and not cluster.running():
            ended.insert(0, "postgres")
    return ended


def _start(settings: Settings, state: State, name: str) -> None:
    from tf_integration.serve import airflow_parts, databases, pages, platform
    from tf_integration.serve.keys import Keyring

    keyring = Keyring(settings.home / "secrets")
    if name == "postgres":
        databases.cluster(settings, state, keyring).start()
    elif name == "sftp":
        platform.start_sftp(settings, state, keyring)
    elif name in PARTS:
        start(settings, state, name)
    else:
        elsewhere = platform.configured_elsewhere(settings, state, keyring).get("warehouse_url")
        if name == pages.PART:
            pages.start(settings, state, elsewhere)
        elif name in airflow_parts.PARTS:
            airflow_parts.Airflow(settings, state, elsewhere).restart(name)
    log.warning("%s had ended and was started again", name)


@contextmanager
def _not_meanwhile(settings: Settings) -> Iterator[bool]:
    """Hold the lock of `up` and `down`, if nobody else does."""
    with (settings.services_file.parent / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


class _Forbearance:
    """Longer pauses for a part that keeps ending, so that a broken one does not keep the machine busy."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._last: dict[str, float] = {}

    def __call__(self, name: str) -> bool:
        now, last = time.monotonic(), self._last.get(name)
        if last is None or now - last > _CALM_SECONDS:
            self._times[name] = 0
        if last is not None and now - last < _FORBEARS[min(self._times[name], len(_FORBEARS) - 1)]:
            return True
        self._times[name] += 1
        self._last[name] = now
        return False


def main(me: str) -> None:
    """Watch until the platform is taken down."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    forbearance = _Forbearance()
    while True:
        settings = Settings.load()
        if me not in (State(settings).known.get("processes") or {me: None}):
            return
        try:
            mend(settings, me, forbearance)
        except PlatformError as error:
            log.warning("%s", error)
        except Exception as error:          # whatever it was, the next look is in two seconds
            log.warning("%s", type(error).__name__)
        time.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1])
