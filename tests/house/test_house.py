"""The tree keeps its own rules."""

from __future__ import annotations

import re
import tomllib
import warnings

import house_rules as house
import pytest
import yaml

from tf_integration.model.feed import ANY_PARTNER, load_feeds

ROOT = house.ROOT

# Words that are a partner's name elsewhere, in files where they mean something else, and what.
EXEMPT_NAMES = {"tf_integration/identify/bases.py": "the bases of a household that the warehouse allows"}
# Numbers that a plan happens to hold too, where they count something else, and what.
EXEMPT_NUMBERS = {
    "tf_integration/assess/examples.py 1000": "examples put to the database at a time",
    "tf_integration/assess/run.py 16": "the last of the numbered files about the calendar",
    "tf_integration/assess/run.py 20": "the first of the numbered files about findings",
    "tf_integration/flow/check_build.py 16": "where a zip file keeps a file's mode",
    "tf_integration/flow/deliver.py 0.1": "seconds",
    "tf_integration/flow/demo.py 20": "a day of the month",
    "sql/assess/140_test.sql 20": "the order in which tests are named",
    "sql/assess/140_test.sql 30": "the order in which tests are named",
    "sql/assess/166_missing.sql 30": "the order in which tests are named",
    "sql/assess/145_readiness.sql 20": "the order in which tests are named",
    "sql/assess/145_readiness.sql 30": "the order in which tests are named",
}


def test_no_function_passes_the_limit() -> None:
    assert house.long_functions(ROOT) == []


def test_no_file_passes_the_limit() -> None:
    assert house.long_files(ROOT) == []


def test_functions_and_files_past_the_guide_are_said_aloud() -> None:
    """A warning, not a failure: a guide is passed where splitting would hide more than it shows."""
    past = house.long_functions(ROOT, house.FUNCTION_GUIDE) + house.long_files(ROOT, house.FILE_GUIDE)
    if past:
        warnings.warn("past the guides:\n  " + "\n  ".join(past), stacklevel=1)


def test_a_dag_says_when_and_little_else() -> None:
    assert house.long_dags(ROOT) == []


def test_every_public_function_says_what_it_does() -> None:
    assert house.without_docstring(ROOT) == []


def test_nothing_prints_rows() -> None:
    assert house.prints(ROOT) == []


def test_no_feed_and_no_partner_is_named_in_python() -> None:
    feeds = load_feeds()
    names = set(feeds) | {f.partner for f in feeds.values()} - {ANY_PARTNER}
    assert house.names_of_feeds_and_partners(ROOT, names, EXEMPT_NAMES) == []


def test_no_threshold_of_a_plan_stands_in_the_rooms_that_judge() -> None:
    plans = (ROOT / house.PACKAGE / "plans").glob("*.yaml")
    values = set().union(*(house.plan_numbers(p) for p in plans))
    assert values
    assert house.thresholds(ROOT, values, ("assess", "identify", "flow"), EXEMPT_NUMBERS) == []
    assert house.sql_thresholds(ROOT, values, "assess", EXEMPT_NUMBERS) == []


def test_an_exemption_that_is_no_longer_needed_is_taken_away() -> None:
    for place in (*EXEMPT_NAMES, *(p.rsplit(" ", 1)[0] for p in EXEMPT_NUMBERS)):
        assert (ROOT / place).exists(), place
    for place in EXEMPT_NUMBERS:
        file, number = place.rsplit(" ", 1)
        assert number in (ROOT / file).read_text(), place


def test_every_sql_file_holds_one_statement() -> None:
    assert house.several_statements(ROOT) == []


def test_every_sql_file_says_what_grain_reads_and_key() -> None:
    assert house.without_header(ROOT) == []


def test_every_migration_says_why() -> None:
    assert house.migration_without_comment(ROOT) == []


def test_every_sql_file_is_used() -> None:
    assert house.unused_sql(ROOT) == []


def test_every_folder_says_what_lives_there() -> None:
    assert house.without_readme(ROOT) == []


def test_a_folders_readme_is_short() -> None:
    assert house.long_readmes(ROOT) == []


def test_no_registry_is_named() -> None:
    assert house.registry_hosts(ROOT) == []


def test_no_machines_own_path_is_named() -> None:
    assert house.machine_paths(ROOT) == []


def _documents() -> list[str]:
    return ["README.md", *(str(f.relative_to(ROOT)) for f in sorted((ROOT / "docs").rglob("*.md")))]


@pytest.mark.parametrize("document", _documents())
def test_the_commands_that_a_document_shows_exist(document: str) -> None:
    import typer

    from tf_integration.cli.main import build

    known = set(typer.main.get_command(build()).commands)  # type: ignore[attr-defined]
    targets = house.make_targets((ROOT / "Makefile").read_text())
    for line in house.commands_shown((ROOT / document).read_text()):
        words = [w for w in line.split() if "=" not in w or not w.split("=")[0].isupper()]
        if words[0] == "tfi":
            assert words[1] in known, line
        elif words[0] == "make":
            assert words[1] in targets, line


@pytest.mark.parametrize("document", _documents())
def test_the_yaml_and_the_links_that_a_document_shows_hold(document: str) -> None:
    text = (ROOT / document).read_text()
    for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.S):
        assert yaml.safe_load(block)
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / document).parent / link).exists(), link


def test_the_readme_gives_a_reason_for_every_dependency() -> None:
    declared = house.dependencies(tomllib.loads((ROOT / "pyproject.toml").read_text()))
    text = (ROOT / "README.md").read_text()
    assert {d for d in declared if f"`{d}`" not in text} == set()


def test_the_data_dictionary_is_what_the_contracts_say() -> None:
    from tf_integration.flow import dictionary

    assert dictionary.FILE.read_text(encoding="utf-8") == dictionary.dictionary(), (
        "run `python -m tf_integration.flow.dictionary`"
    )
