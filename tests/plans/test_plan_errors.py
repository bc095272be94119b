"""A plan edited by hand with a mistake in each of its fields: the error names the file, the line and the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tf_integration.model.errors import ContractError
from tf_integration.model.plan import PLANS, load_plan, load_plans
from tf_integration.model.plan_schema import plan_schema

FILE = Path(__file__).parent / "every-field.yaml"
SHIPPED = sorted(PLANS.glob("*.yaml"))
LINES = FILE.read_text().splitlines()
_LINE = re.compile(r"^(?P<indent> *(?:- )?)(?:(?P<key>[\w]+):)?(?: ?(?P<value>[^ ].*))?$")
WORDS = {"title", "source", "says", "asks"}  # free text: only its absence is a mistake
FREE = {"signed_off", "ref", "plan"}
GIVEN = {"crime_asb", "child_offence", "abuse", "education", "absence", "nominated", "fewer_offences", "settled",
                        "no_further", "lead_worker", "teen", "mum", "kid"}  # fmt: skip


def split(number: int) -> tuple[str, str, str]:
    """A line's indent, key and value."""
    found = _LINE.match(LINES[number])
    assert found, LINES[number]
    return found["indent"], found["key"] or "", found["value"] or ""


def values() -> Iterator[tuple[int, str, str]]:
    """Each line that has a value: its number, the wrong value, and the right word where it should be suggested."""
    for n, line in enumerate(LINES):
        if line.startswith("#") or not line.strip():
            continue
        _, key, value = split(n)
        if not value or key in FREE or value == "[]":
            continue
        yield n, *_wrong(key, value)


def _wrong(key: str, value: str) -> tuple[str, str]:
    if key in WORDS:
        return '""', ""
    if key == "place":
        return "9990001", ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value[:5] + "13-45", ""
    if re.fullmatch(r"[\d.]+", value):
        return "many", ""
    if value in ("yes", "no"):
        return "perhaps", ""
    if re.match(r"\d+ ", value):
        return value[:-2] + "zz", ""
    return value[:-2] + value[-1] + "q", value  # a slip of the finger


def refused(tmp_path: Path, lines: list[str]) -> str:
    """What the loader says of a changed file; it must refuse."""
    file = tmp_path / "edited.yaml"
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(ContractError) as told:
        load_plan(file)
    return str(told.value)


def test_the_plan_has_every_field_and_loads() -> None:
    load_plan(FILE)
    used = {split(n)[1] for n, line in enumerate(LINES) if line.strip() and not line.startswith("#")}
    schema = plan_schema()
    fields = {name for shape in (schema, *schema["$defs"].values()) for name in shape.get("properties", {})}
    assert fields <= used


@pytest.mark.parametrize(
    ("number", "wrong", "right"), list(values()), ids=lambda v: str(v) if isinstance(v, int) else ""
)
def test_a_mistake_in_each_value(tmp_path: Path, number: int, wrong: str, right: str) -> None:
    indent, key, _ = split(number)
    lines = list(LINES)
    lines[number] = f"{indent}{key}: {wrong}" if key else f"{indent}{wrong}"
    said = refused(tmp_path, lines)
    place = said if f"line {number + 1}:" in said or f"edited.yaml line {number + 1}:" in said else ""
    assert place, f"line {number + 1} {lines[number].strip()!r} is not named in: {said}"
    if right and right not in GIVEN | {"every-field"}:
        assert f"Did you mean `{right}`?" in said, said
    assert said.count(". ") >= 1, "what is wrong, and the mend"


@pytest.mark.parametrize("number", [n for n, line in enumerate(LINES) if not line.startswith("#") and split(n)[1]])
def test_a_mistake_in_each_name_of_a_field(tmp_path: Path, number: int) -> None:
    indent, key, value = split(number)
    if key in GIVEN:
        return
    lines = list(LINES)
    wrong = key[:-1] + "zz" if len(key) > 3 else key + "z"
    lines[number] = f"{indent}{wrong}: {value}".rstrip()
    said = refused(tmp_path, lines)
    assert f"line {number + 1}:" in said, said
    assert f"`{key}`" in said or key in said, said


def test_a_field_left_out_is_asked_for_where_it_should_stand(tmp_path: Path) -> None:
    for field in ("title", "in_force", "needs", "one_result_across", "example_as_at"):
        data = yaml.safe_load(FILE.read_text())
        del data[field]
        assert f"`{field}` is missing. Add it" in refused(tmp_path, yaml.safe_dump(data, sort_keys=False).splitlines())


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("needs: 2", "needs: 2\nneeds: 3", "`needs` stands twice"),
        ("needs: 2", "needs: 9", "9 are more than the plan has (2)"),
        ("counts: problems", "counts problems", "not valid YAML"),
        ("  to: 2020-03-31", "  to: 2014-03-31", "`to` lies before `from`"),
        ("example_as_at: 2019-03-15", "example_as_at: 2021-03-15", "lies outside `in_force`"),
        ("            window: 3 terms\n", "            window: 3 months\n", "`ask: rate` looks over terms"),
        ("          at_most_share: 0.4", "          at_most_share: 4", "must be below 1"),
        (
            "            at_least: 1\n            once_per: happened_on",
            "            at_least: 3\n            once_per: happened_on",
            "a count is made per person, with `every: yes`",
        ),
        (
            "              - kind: custody\n            who: adult",
            "              - kind: arrears\n            who: adult",
            "is never open",
        ),
        (
            '          - expect: not_met\n            says: "a victim"',
            '          - expect: met\n            says: "a victim"',
            "needs a worked example that is met and one that is not_met",
        ),
        (
            "              - who: mum\n                kind: custody",
            "              - who: mun\n                kind: custody",
            "Did you mean `mum`?",
        ),
        ('title: "Every field"', 'title: "Every field"\nhash: abc', "is no field of a plan's file"),
        ("  - every-field\n", "", "does not name `every-field` itself"),
        (
            "            who: child\n            window: 12 months",
            "            who: family\n            window: 12 months",
            "do not go together",
        ),
        ("            measure: attended\n", "", "`ask: rate` needs `measure`"),
        ("    - need: 26", "    - need: 36", "`need` is at most `of_last`"),
    ],
)
def test_what_no_single_value_shows(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    text = FILE.read_text()
    assert was in text
    said = refused(tmp_path, text.replace(was, becomes, 1).splitlines())
    assert says in said
    assert re.search(r"edited\.yaml line \d+:", said)


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = FILE.read_text().replace("needs: 2", "needs: two").replace("ask: fewer", "ask: fewr")
    said = refused(tmp_path, text.splitlines())
    assert "line 9:" in said
    assert "Did you mean `fewer`?" in said


def test_a_file_that_is_no_plan(tmp_path: Path) -> None:
    for text in ("", "just words", "- a\n- list", "plan: [", "\t"):
        assert "edited.yaml line 1" in refused(tmp_path, [text]) or "not valid YAML" in refused(tmp_path, [text])
    (tmp_path / "edited.yaml").write_bytes(b"plan: \xff\xfe")
    with pytest.raises(ContractError, match="UTF-8"):
        load_plan(tmp_path / "edited.yaml")


def test_the_shipped_plans_load() -> None:
    assert list(load_plans()) == ["national-2012", "national-2015", "national-2020", "national-2022"]


def _paths(found: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of the plan's data, one of each list."""
    if at:
        yield at
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _paths(value, (*at, key))
    elif isinstance(found, list) and found:
        yield from _paths(found[0], (*at, 0))


ODD = "zzodd"


@pytest.mark.parametrize("at", list(_paths(yaml.safe_load(FILE.read_text()))), ids=lambda at: ".".join(map(str, at)))
def test_a_value_of_another_shape_in_each_field(tmp_path: Path, at: tuple[str | int, ...]) -> None:
    """A list where a word should stand, a word where fields should: the line of the field is named, and what to do."""
    data = yaml.safe_load(FILE.read_text())
    about = data
    for step in at[:-1]:
        about = about[step]
    was = about[at[-1]]
    about[at[-1]] = ODD if isinstance(was, dict | list) else {ODD: 1}
    text = yaml.safe_dump(data, sort_keys=False)
    said = refused(tmp_path, text.splitlines())
    place = next(n for n, line in enumerate(text.splitlines(), 1) if ODD in line)
    named = {int(n) for n in re.findall(r"line (\d+):", said)}
    assert named & {place, place - 1}, f"line {place} is not named in: {said}"
    assert said.count(". ") >= 1, "what is wrong, and the mend"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("attached: {kind: family_attached}", "attached: {kind: benefit}", "`benefit` cannot stand here"),
        ("goal: {kind: family_goal_met}", "goal: {kind: cin}", "`cin` cannot stand here"),
        ("closed_by: {kind: family_closed}", "closed_by: {kind: lac}", "`lac` cannot stand here"),
        ("schooling: {of: {kind: enrolment}", "schooling: {of: {kind: suspension}", "`suspension` cannot stand here"),
        ("unmatched: {of: {kind: benefit_not_matched}", "unmatched: {of: {kind: benefit}", "`benefit` cannot stand"),
        ("work: [{kind: employment}]", "work: [{kind: arrears}]", "`arrears` cannot stand here"),
        (
            "told_by: [youth_justice_disposals, police_incidents]",
            "told_by: [dwp_benefits]",
            "`dwp_benefits` tells of none of what is asked here. Name those that do: police_incidents, youth_justice",
        ),
        (
            "told_by: [youth_justice_disposals, police_incidents]",
            "told_by: [police_incidents, police_incidents]",
            "`police_incidents` stands twice in this list",
        ),
        ("measure: attended, below: 0.9", "measure: attended, below: 90", "a rate lies between 0 and 1"),
        ("result: 800", "result: 800.555", "an amount has no more than pence"),
        ("shown_as: has_plan", "shown_as: has_assessment", "`has_assessment` shows `assessment` already"),
        ("kid: 2008-05-01", "kid: 2028-05-01", "`kid` is not born yet"),
        ("starts_on: 2018-02-01, ends_on: 2019-06-30", "starts_on: 2018-02-01, ends_on: 2017-06-30", "lies before"),
    ],
)
def test_a_name_that_exists_and_cannot_be_meant(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """Each loaded, and judged by what nobody meant."""
    text = next(f for f in SHIPPED if f.stem == "national-2015").read_text()
    line = text[: text.index(right)].count("\n") + 1
    file = tmp_path / "ours.yaml"
    file.write_text(text.replace(right, wrong, 1))
    with pytest.raises(ContractError) as found:
        load_plan(file)
    assert f"line {line}: " in str(found.value)
    assert said in str(found.value)
