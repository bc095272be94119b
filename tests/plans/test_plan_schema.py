"""The schema that editors read is the one that the loader asks for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tf_integration.model.feed import load_feeds
from tf_integration.model.kind import load_kinds
from tf_integration.model.plan import PLANS
from tf_integration.model.plan_schema import schema_text

SHIPPED = PLANS / "plan.schema.json"
FILES = [*PLANS.glob("*.yaml"), *(PLANS / "local").glob("*.yaml"), Path(__file__).parent / "every-field.yaml"]


def test_the_shipped_schema_is_the_models() -> None:
    """Written anew with `tfi plan schema > tf_integration/plans/plan.schema.json`."""
    assert SHIPPED.read_text() == schema_text()


def test_it_names_every_kind_and_feed() -> None:
    schema = json.loads(SHIPPED.read_text())
    assert schema["$defs"]["Match"]["properties"]["kind"]["enum"] == sorted(load_kinds())
    assert schema["$defs"]["Test"]["properties"]["told_by"]["items"]["enum"] == sorted(load_feeds())


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "check_jsonschema", "--schemafile", str(SHIPPED), *map(str, files)],
                          capture_output=True, text=True, check=False)  # fmt: skip


def test_every_plan_satisfies_it() -> None:
    told = check(*FILES)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(("was", "becomes"), [
    ("kind: custody", "kind: custodi"), ("needs: 2", "needs: two"), ("ask: fewer", "ask: fewr"), ("title:", "titel:"),
    ("window: 3 terms\n", "window: three terms\n"), ("- police_incidents", "- police"),
])  # fmt: skip
def test_it_refuses_what_the_loader_refuses(tmp_path: Path, was: str, becomes: str) -> None:
    file = tmp_path / "edited.yaml"
    text = FILES[-1].read_text()
    assert was in text
    file.write_text(text.replace(was, becomes, 1))
    assert check(file).returncode == 1


def test_each_plan_tells_editors_of_it() -> None:
    for file in FILES[:-1]:
        said = file.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / said).resolve() == SHIPPED
