"""Each house rule, put to a planted tree that breaks it."""

from __future__ import annotations

from pathlib import Path

import house_rules as house
import pytest


@pytest.fixture
def plant(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Write a file of a small tree; returns the tree."""

    def put(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return tmp_path

    return put


def test_a_long_function_is_seen_and_its_docstring_is_not_counted(plant) -> None:  # type: ignore[no-untyped-def]
    body = "    x = 1\n" * 61
    tree = plant("tf_integration/a.py", f"def f():\n{body}\n")
    assert house.long_functions(tree) == ["tf_integration/a.py:1 f: 61 lines"]
    words = "    word\n" * 61
    tree = plant("tf_integration/a.py", f'def f():\n    """{words}"""\n    x = 1\n')
    assert house.long_functions(tree) == []


def test_a_long_file_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    assert house.long_files(plant("tf_integration/a.py", "x = 1\n" * 401)) == ["tf_integration/a.py: 401 lines"]


def test_a_long_dag_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    assert house.long_dags(plant("dags/a.py", "x = 1\n" * 60)) == ["dags/a.py: 60 lines"]


def test_a_public_function_without_a_docstring_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    tree = plant("tf_integration/a.py", "def f():\n    return 1\n\n\ndef _g():\n    return 1\n")
    assert house.without_docstring(tree) == ["tf_integration/a.py:1 f"]


def test_a_print_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    assert house.prints(plant("tf_integration/a.py", "print(row)\n")) == ["tf_integration/a.py:1"]


def test_a_partners_name_is_seen_in_code_but_not_in_a_docstring_or_the_county(plant) -> None:  # type: ignore[no-untyped-def]
    plant("tf_integration/county/a.py", "x = 'police'\n")
    tree = plant("tf_integration/a.py", '"""police"""\nx = {"police": 1}\n')
    assert house.names_of_feeds_and_partners(tree, {"police"}) == ["tf_integration/a.py:2 'police'"]


def test_a_threshold_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    plan = plant("p.yaml", "money: {result: 800}\nneeds: 2\nproblems: {a: {at_most_share: 0.4, examples: [{n: 77}]}}\n")
    values = house.plan_numbers(plan / "p.yaml")
    assert values == {800, 0.4}
    tree = plant("tf_integration/assess/a.py", "fee = 800\nshare = 0.4\nn = 2\n")
    assert len(house.thresholds(tree, values, ("assess",))) == 2
    assert len(house.thresholds(tree, values, ("assess",), {"tf_integration/assess/a.py 800"})) == 1
    plant("sql/assess/a.sql", "-- 800\nSELECT 1 WHERE x > 0.4 AND y = '800' AND a800 = :b800\n")
    assert house.sql_thresholds(tree, values, "assess") == ["sql/assess/a.sql 0.4"]


def test_two_statements_are_seen_but_not_a_semicolon_in_a_string_or_comment(plant) -> None:  # type: ignore[no-untyped-def]
    plant("sql/a/one.sql", "-- a; b\nSELECT ';', $$ ; $$;\n")
    tree = plant("sql/a/two.sql", "SELECT 1; SELECT 2\n")
    assert house.several_statements(tree) == ["sql/a/two.sql: 2 statements"]


def test_a_header_that_lacks_a_line_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    tree = plant("sql/a/one.sql", "-- what: x\n-- Grain: y.   Reads: z.\nSELECT 1\n")
    assert house.without_header(tree) == ["sql/a/one.sql: key"]


def test_a_bare_migration_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    tree = plant("sql/migrations/0001_a.sql", "CREATE TABLE a ();\n")
    assert house.migration_without_comment(tree) == ["sql/migrations/0001_a.sql"]


def test_a_statement_that_nobody_runs_is_seen(plant) -> None:  # type: ignore[no-untyped-def]
    plant("tf_integration/a.py", "run('a/one.sql')\n")
    plant("sql/a/one.sql", "SELECT 1\n")
    assert house.unused_sql(plant("sql/a/two.sql", "SELECT 1\n")) == ["sql/a/two.sql"]
    plant("sql/a/one__two.sql", "SELECT 1\n")
    assert "sql/a/one__two.sql" in house.unused_sql(tree := plant("sql/a/two.sql", "SELECT 1\n"))
    plant("tf_integration/a.py", "run('a/one.sql'); run(f'a/{x}__two.sql')\n")
    assert house.unused_sql(tree) == ["sql/a/two.sql"]


def test_a_folder_without_a_readme_and_a_long_readme_are_seen(plant) -> None:  # type: ignore[no-untyped-def]
    plant("tf_integration/land/a.py", "")
    plant("tf_integration/README.md", "x\n")
    plant("docs/README.md", "x\n" * 41)
    tree = plant("README.md", "x\n" * 100)
    assert house.without_readme(tree) == ["tf_integration/land"]
    assert house.long_readmes(tree) == ["docs/README.md: 41 lines"]


def test_a_registry_and_a_machines_path_are_seen(plant) -> None:  # type: ignore[no-untyped-def]
    tree = plant("a.md", f"see {'pypi'}.org\nand {'/' + 'home'}/somebody/x\nnot https://a.example/home/page\n")
    assert house.registry_hosts(tree) == ["a.md:1"]
    assert house.machine_paths(tree) == [f"a.md:2 {'/' + 'home'}/somebody"]


def test_commands_targets_and_dependencies_are_found() -> None:
    assert house.commands_shown("```bash\n$ tfi up  # start\n\n# no\nmake demo\n```\n`tfi no`\n") == [
        "tfi up",
        "make demo",
    ]
    assert house.make_targets("demo: setup\n\ttfi demo\nVAR := 1\n.PHONY: x\n") == {"demo"}
    project = {"project": {"dependencies": ["a==1", "b>=2"], "optional-dependencies": {"dev": ["c[x]"]}}}
    assert house.dependencies(project) == {"a", "b", "c"}
