"""What a command says of a warehouse that is away, or that nobody has prepared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tf_integration.serve.postgres import Cluster

TFI = [sys.executable, "-c", "from tf_integration.cli.main import main; main()"]


def said(monkeypatch: pytest.MonkeyPatch, url: str, *words: str) -> tuple[int, str]:
    monkeypatch.setenv("TFI_WAREHOUSE_URL", url)
    done = subprocess.run([*TFI, *words], capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stderr + done.stdout


def test_a_warehouse_that_is_away_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    code, words = said(monkeypatch, "postgresql://nobody:secret@127.0.0.1:1/none", "worklist")
    assert code == 3
    assert words.startswith("tfi: warehouse: it cannot be reached")
    assert "secret" not in words
    assert "unexpected" not in words


def test_a_warehouse_that_nobody_prepared_asks_for_that(
        monkeypatch: pytest.MonkeyPatch, home: Path, cluster: Cluster) -> None:
    code, words = said(monkeypatch, cluster.database_url("postgres"), "worklist", "--json")
    assert code == 3
    assert "migrations of this version. Run `tfi up`" in words
    assert json.loads(words[words.index("{"):])["error"]["where"] == "warehouse"
