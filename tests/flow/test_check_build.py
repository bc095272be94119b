"""The partner's own check as one file: it runs with its few packages alone, and says what the receipt says."""

from __future__ import annotations

import ast
import csv
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from small_council import Council, actions, tenancies

from tf_integration.flow import check_build
from tf_integration.model.errors import ContractError
from tf_integration.model.settings import Settings

SAME = ("status", "file", "sha256", "rows_read", "rows_loaded", "rows_rejected", "reasons", "status_in_words")


def needed(names: list[str]) -> set[str]:
    """The distributions that these packages bring with them."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            asked = [r for r in metadata.requires(name) or () if "extra ==" not in r]
            names += [re.split(r"[^\w.-]", r)[0].lower() for r in asked]
    return found


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The file, and a folder of packages that holds what it needs and no more."""
    folder = tmp_path_factory.mktemp("partner")
    told = check_build.build(Settings(home=folder), folder / "tfi-check.pyz")
    packages = folder / "packages"
    packages.mkdir()
    for name in needed(list(told["needs"])):
        for file in metadata.files(name) or ():
            top = file.parts[0]
            if not top.startswith("..") and not (packages / top).exists():
                (packages / top).symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    return Path(told["file"]), packages


def run(partner: tuple[Path, Path], *words: str, python: tuple[str, ...] = ("-S",)) -> tuple[int, str, str]:
    file, packages = partner
    done = subprocess.run([sys.executable, *python, str(file), *words], capture_output=True, text=True, check=False,
                          env={"PYTHONPATH": str(packages), "PATH": ""}, cwd=file.parent)  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_the_packages_are_those_and_no_others(partner: tuple[Path, Path]) -> None:
    others = ("sqlalchemy", "great_expectations", "pandas", "paramiko", "airflow", "typer", "tf_integration")
    lacks = subprocess.run(
        [sys.executable, "-S", "-c", f"import importlib.util as i; print([n for n in {others} if i.find_spec(n)])"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(partner[1])}, cwd=partner[1])  # fmt: skip
    assert lacks.stdout.strip() == "[]"


@pytest.mark.parametrize(("feed", "text"), [
    ("housing_tenancies", tenancies(30).replace("T7,tenant", "T7,landlord").replace("CT1 2AB", "nowhere", 3)),
    ("housing_tenancies", tenancies(300).replace("2019-01-01", "2019-99-01", 60)),
    ("housing_tenancies", re.sub(r"\d{4}-\d\d-\d\d,F", ",F", tenancies(300))),  # the suite holds it
    ("housing_tenancies", tenancies(5).replace("tenure\n", "tenur\n")),
    ("housing_actions", actions("U,H1,A1,T1,arrears,2019-04-01,,100", "U,H1,A2,T1,nothing,2019-04-01,,100")),
])  # fmt: skip
def test_it_says_what_the_receipt_says(council: Council, partner: tuple[Path, Path], feed: str, text: str) -> None:
    name = council.housing.put(feed, "2019-05-01", 1, text)
    (status,) = council.night(feed, "2019-05-01")
    file = council.housing.extracts / name
    code, out, said = run(partner, str(file), "--feed", feed, "--json")
    assert said == ""
    told, got = json.loads(out), council.housing.receipt(name)
    assert {k: told[k] for k in SAME} == {k: got[k] for k in SAME}
    assert code == (0 if str(status).startswith("accepted") else 1)
    listed = council.housing.receipts / f"{name}.rejects.csv"
    sent = list(csv.DictReader(listed.open(newline=""))) if listed.exists() else []
    assert [(str(r["line"]), r["column"] or "", r["rule"], r["what_to_do"]) for r in told["rejects"]] == [
        tuple(r.values()) for r in sent]  # fmt: skip
    page = (council.housing.receipts / f"{name}.receipt.txt").read_text()
    _, printed, _ = run(partner, str(file), "--feed", feed)
    assert printed.splitlines()[2] == page.splitlines()[2]
    assert [line for line in printed.splitlines() if line.startswith("- ")] == [
        line for line in page.splitlines() if line.startswith("- ")]  # fmt: skip


def test_it_leaves_nothing_behind(partner: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "housing_tenancies_20190501_0001.csv"
    file.write_text(tenancies(5))
    run(partner, str(file), "--feed", "housing_tenancies")
    assert [f.name for f in tmp_path.iterdir()] == [file.name]
    assert sorted(f.name for f in partner[0].parent.iterdir()) == ["packages", "tfi-check.pyz"]


def test_a_wrong_call_is_said_with_exit_code_2(partner: tuple[Path, Path], tmp_path: Path) -> None:
    code, _, said = run(partner, str(tmp_path / "x.csv"), "--feed", "nothing")
    assert (code, "there is no feed nothing" in said) == (2, True)
    assert run(partner)[0] == 2
    secret = tmp_path / "housing_tenancies_20190501_0001.csv.gpg"
    secret.write_bytes(b"x")
    code, _, said = run(partner, str(secret), "--feed", "housing_tenancies")
    assert (code, "Check it before you encrypt it" in said) == (2, True)


def test_what_is_not_installed_is_said_with_how_to_install_it(partner: tuple[Path, Path]) -> None:
    code, _, said = run((partner[0], partner[0].parent / "none"), "--feeds")
    assert code == 1
    assert "python -m pip install numpy polars" in said


def test_the_same_code_makes_the_same_file_and_a_councils_guards_go_with_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = check_build.build(settings, tmp_path / "a.pyz")
    assert check_build.build(settings, tmp_path / "b.pyz")["sha256"] == first["sha256"]
    (tmp_path / "guards.yaml").write_text("row_faults: {share: 0, rows: 0}\n")
    assert check_build.build(settings, tmp_path / "b.pyz")["sha256"] != first["sha256"]
    file = tmp_path / "housing_tenancies_20190501_0001.csv"
    file.write_text(tenancies(30).replace("T7,tenant", "T7,landlord"))
    for built, status in (("a.pyz", "accepted_with_rejects"), ("b.pyz", "held")):
        words = [str(tmp_path / built), str(file), "--feed", "housing_tenancies", "--json"]
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        assert json.loads(done.stdout)["status"] == status


def test_a_module_that_reaches_for_a_server_stops_the_build() -> None:
    with pytest.raises(ContractError, match="paramiko"):
        check_build.reached("tf_integration.land.client")
    ours, others = check_build.imports(ast.parse(
        "import polars\nfrom tf_integration.model import feed\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from tf_integration.store import warehouse\n    import sqlalchemy\n"))  # fmt: skip
    assert (ours, others) == ({"tf_integration.model.feed"}, {"polars", "typing"})
