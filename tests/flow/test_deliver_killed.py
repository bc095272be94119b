"""A kill at any moment of landing leaves a whole file or none, and the next run ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date

import pytest
from small_council import Council, tenancies

from tf_integration.flow.deliver import deliver, discover

ON = date(2019, 5, 1)
_LOOK = """
import sys
from datetime import date
from tf_integration.flow.deliver import discover
from tf_integration.model.settings import Settings
discover(Settings.model_validate_json(sys.argv[1]), "housing_tenancies", date(2019, 5, 1))
"""
_CALLS = {"fsync": "fsync", "rename": "rename,renameat,renameat2"}  # whichever the machine's library uses
_MOST = 20


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("strace"), reason="kills are injected by strace")
@pytest.mark.parametrize("call", list(_CALLS))
def test_a_kill_at_the_nth_call_of_landing(council: Council, call: str) -> None:
    for n in range(1, _MOST):
        text = tenancies(30, surname=f"Gable{n}x")
        council.housing.put("housing_tenancies", "2019-05-01", n, text)
        killed = killed_at(council, _CALLS[call], n)
        registered = council.rows("SELECT landed_path FROM landing.delivery WHERE sequence = :n", n=n)
        assert all((council.settings.landed / r["landed_path"]).read_text() == text for r in registered)
        ids = discover(council.settings, "housing_tenancies", ON)
        assert [deliver(council.settings, d, ON)["status"] for d in ids] == ["accepted"]
        assert not list((council.settings.landed / "incoming").iterdir())
        if not killed:
            break
    assert 1 < n < _MOST - 1, "no call was reached, or the last was not"
    assert council.count("SELECT count(DISTINCT surname) FROM core.source_record WHERE known_to = 'infinity'") == 30


def killed_at(council: Council, calls: str, n: int) -> bool:
    """Look into the folder in a process of its own, and kill that at its n-th such call; whether it was killed."""
    inject = ["-e", f"trace={calls}", "-e", f"inject={calls}:signal=SIGKILL:when={n}", "-o", os.devnull]
    look = [sys.executable, "-c", _LOOK, council.settings.model_dump_json()]
    done = subprocess.run(["strace", "-f", "-qq", *inject, *look], capture_output=True, check=False)
    return done.returncode != 0
