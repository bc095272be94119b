"""`tfi` as a whole: its help, its exit codes, and what it says of a fault."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tf_integration.cli import main as tfi
from tf_integration.model.errors import CallError, NeedsAPerson, PlatformError, ServiceError

CANARY = "Quillfeather"
HEAVY = ("airflow", "great_expectations", "pandas", "polars", "paramiko", "sqlalchemy", "pydantic", "rich.console")


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in (group or typer.main.get_command(tfi.build())).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def run(monkeypatch: pytest.MonkeyPatch, home: Path, fault: BaseException, *words: str) -> int:
    """`tfi doctor`, in which something raises the fault."""
    def broken() -> typer.Typer:
        app = typer.Typer(pretty_exceptions_enable=False)

        @app.command()
        def doctor(as_json: bool = typer.Option(False, "--json")) -> None:
            surname = CANARY
            raise fault from ValueError(f"a row of {surname}")

        return app

    monkeypatch.setattr(tfi, "build", broken)
    monkeypatch.setattr(sys, "argv", ["tfi", *words])
    with pytest.raises(SystemExit) as stopped:
        tfi.main()
    return int(stopped.value.code or 0)


def test_every_command_can_answer_in_json() -> None:
    lacking = [n for n, c in commands() if "--json" not in [o for p in c.params for o in p.opts]]
    assert lacking == []


def test_every_command_says_what_it_does_and_gives_an_example() -> None:
    assert [n for n, c in commands() if not c.help] == []
    assert [n for n, c in commands() if not (c.epilog or "").startswith("Example: tfi ")] == []


def test_help_imports_nothing_heavy() -> None:
    look = (f"import sys; from tf_integration.cli.main import build; build();"
            f"print([m for m in {HEAVY} if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("fault", "code"), [
    (NeedsAPerson("held."), 1), (CallError("called wrongly."), 2), (PlatformError("failed."), 3),
    (ServiceError("away.", where="warehouse", mend="Run `tfi up`."), 3)])
def test_a_fault_of_ours_is_said_in_its_own_words_with_its_exit_code(
        monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str],
        fault: PlatformError, code: int) -> None:
    assert run(monkeypatch, home, fault) == code
    assert capsys.readouterr().err == f"tfi: {fault}\n"


def test_a_fault_is_json_too_when_json_is_asked_for(
        monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, home, ServiceError("away.", where="warehouse", mend="Run `tfi up`."), "--json")
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "error": {"where": "warehouse", "what": "away.", "mend": "Run `tfi up`."}, "exit_code": 3}
    assert said.err == "tfi: warehouse: away. Run `tfi up`.\n"
    run(monkeypatch, home, KeyError(CANARY), "--json")
    said = capsys.readouterr()
    assert json.loads(said.out)["exit_code"] == 3
    assert CANARY not in said.out


@pytest.mark.parametrize(("called", "what"), [
    (["explain"], "Missing argument 'household'."), (["night", "--as-at", "31/12/2019"], "Invalid value for '--as-at'"),
    (["explain", "FAM1", "--no-such"], "No such option: --no-such")])
def test_a_wrong_call_is_json_too_when_json_is_asked_for(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], called: list[str], what: str) -> None:
    monkeypatch.setattr("sys.argv", ["tfi", *called, "--json"])
    with pytest.raises(SystemExit) as left:
        tfi.main()
    told = json.loads(capsys.readouterr().out)
    assert (left.value.code, told["exit_code"]) == (2, 2)
    assert told["error"]["what"].startswith(what)


def test_an_unexpected_fault_tells_no_value_and_leaves_a_trace_without_values(
        monkeypatch: pytest.MonkeyPatch, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, home, KeyError(CANARY)) == 3
    said = capsys.readouterr().err
    (log,) = (home / "logs").glob("tfi-*.log")
    assert str(log) in said
    trace = log.read_text()
    assert "KeyError" in trace
    assert "ValueError" in trace
    assert "doctor" in trace
    assert CANARY not in said + trace
