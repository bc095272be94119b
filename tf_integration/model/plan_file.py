"""A plan's file read so that each fault is said with its line and its mend.

Three passes: the YAML (duplicate names, impossible dates), the shape (`model/plan.py`), and what the plan names (kinds,
feeds, codes, people: `model/plan_names.py`). All faults of the first pass that finds any are said at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from tf_integration.model.errors import ContractError
from tf_integration.model.plan import PLANS, Plan
from tf_integration.model.plan_names import Fault, unknown_names
from tf_integration.model.plan_schema import field_at
from tf_integration.model.plan_sense import senseless

Where = tuple[str | int, ...]
_DATE = "Write a date like 2015-04-01."
_SEE = "What may stand there: docs/adding-a-plan.md."


@dataclass
class Read:
    """A file's values, the line of each, and what could not be read."""

    data: Any
    lines: dict[Where, int]
    faults: list[Fault]

    def line(self, where: Sequence[str | int]) -> int:
        """The line of a place; of the nearest thing around it when it is missing."""
        place = tuple(where)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_plan(file: Path) -> Plan:
    """Read one plan.

    Raises:
        ContractError: with the file, each fault's line, what is wrong there, and the mend.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ContractError("it cannot be read as UTF-8 text.", where=file.name, mend="Save it as UTF-8.") from None
    read = _read_yaml(file, text)
    if read.faults:
        raise _error(file, read, read.faults)
    try:
        plan = Plan(**read.data, hash=hashlib.sha256(text.encode()).hexdigest())
    except ValidationError as error:
        raise _error(file, read, _deepest([_fault(dict(e)) for e in error.errors()])) from None
    plans = {f.stem for folder in (PLANS, PLANS / "local", file.parent) for f in folder.glob("*.yaml")}
    if faults := list(unknown_names(plan, read.data, plans)) or list(senseless(plan, read.data)):
        raise _error(file, read, faults)
    return plan


def lines_of(file: Path, places: Iterable[Where]) -> list[int]:
    """The lines of a plan's file on which these places stand."""
    read = _read_yaml(file, file.read_text(encoding="utf-8"))
    return [read.line(place) for place in places]


def _error(file: Path, read: Read, faults: Iterable[Fault]) -> ContractError:
    said = sorted({(read.line(f.where), ".".join(map(str, f.where)), f.what, f.mend) for f in faults})
    first = said[0]
    rest = [f"\n  line {line}: {f'`{place}` ' if place else ''}{what} {mend}" for line, place, what, mend in said[1:]]
    return ContractError(
        f"{f'`{first[1]}` ' if first[1] else ''}{first[2]}",
        where=f"{file.name} line {first[0]}",
        mend=first[3] + "".join(rest),
    )


# -- YAML, with lines ----------------------------------------------------------------------------------------------


def _read_yaml(file: Path, text: str) -> Read:
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ContractError(
            f"this is not valid YAML: {getattr(error, 'problem', None) or 'it cannot be read'}.",
            where=f"{file.name} line {mark.line + 1 if mark else 1}",
            mend="Check the indentation, colons, quotes and brackets there and on the line before.",
        ) from None
    read = Read({}, {(): 1}, [])
    if not isinstance(root, yaml.MappingNode):
        read.faults.append(Fault((), "the file does not hold a plan.", "Begin as shipped plans do: `plan: its-name`."))
        return read
    read.data = _value(root, (), read)
    if "hash" in read.data:
        read.faults.append(Fault(("hash",), "is no field of a plan's file.", "Take it away: it is worked out."))
    return read


def _value(node: yaml.Node, where: Where, read: Read) -> Any:
    read.lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, read)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*where, n), read) for n, child in enumerate(node.value)]
    return _scalar(node, where, read)


def _mapping(node: yaml.MappingNode, where: Where, read: Read) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, child in node.value:
        key = _scalar(key_node, where, read) if isinstance(key_node, yaml.ScalarNode) else str(key_node.value)
        key = key_node.value if not isinstance(key, str) else key  # `no:` and `2015:` are names here
        place = (*where, key)
        if key in found:
            read.lines[place] = key_node.start_mark.line + 1
            read.faults.append(Fault(place, "stands twice.", "Keep one of the two, or rename the other."))
        read.lines[place] = key_node.start_mark.line + 1
        found[key] = _value(child, place, read)
    return found


def _scalar(node: yaml.Node, where: Where, read: Read) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    except yaml.YAMLError:
        read.faults.append(Fault(where, f"has a mark that plans do not use (`{node.tag}`).", "Write it plainly."))
    except ValueError:
        read.faults.append(Fault(where, f"`{node.value}` is no day of the calendar.", _DATE))
    finally:
        loader.dispose()
    return None


# -- the model's errors, in words ----------------------------------------------------------------------------------


def _deepest(faults: list[Fault]) -> list[Fault]:
    """Without those that only say that something inside them is wrong."""
    inside = {f.where[:n] for f in faults for n in range(len(f.where))}
    return [f for f in faults if f.where not in inside]


def _fault(error: dict[str, Any]) -> Fault:
    where = tuple(str(p) if not isinstance(p, int) else p for p in error["loc"])
    kind, told = error["type"], error.get("ctx", {})
    place = field_at(where)
    if kind == "missing":
        return Fault(where, "is missing.", f"Add it{_like(place.get('example'))}.")
    if kind == "extra_forbidden":
        return Fault(where, "is no field of a plan here.", nearest(str(where[-1]), place["siblings"], "It may be"))
    if kind == "literal_error":
        allowed = place.get("values") or [v.strip(" '") for v in str(told["expected"]).replace(" or ", ", ").split(",")]
        mend = nearest(str(error["input"]), allowed, "It may be")
        return Fault(where, f"`{error['input']}` is not one of its words.", mend)
    if kind == "string_pattern_mismatch":
        mend = f"Write it{_like(place.get('example'))}."
        return Fault(where, f"`{error['input']}` is not written as it should be.", mend)
    if kind == "value_error":
        return Fault(where, f"does not hold: {told['error']}.", _SEE)
    return Fault(where, *_plain(kind, told, error["input"]))


def _plain(kind: str, told: dict[str, Any], found: Any) -> tuple[str, str]:
    """What a wrong type or size is called here, and the mend."""
    shown = f"`{found}`" if isinstance(found, str | int | float | bool) else "what stands there"
    words = {
        "date": ("is no date", _DATE),
        "bool": ("is neither yes nor no", "Write yes or no."),
        "int": ("is no whole number", "Write a whole number."),
        "float": ("is no number", "Write a number like 0.9."),
        "string_too_short": ("is blank", "Fill it."),
        "string": ("is not text", "Write words; put them in quotes when they look like a number or a date."),
        "tuple": ("is not a list", "Write a list: [one, other]."),
        "too_short": ("is empty", "It needs one entry at least."),
        "dict": ("is not a set of named entries", "Write `name: value` lines below it."),
        "model": ("is not a set of named entries", "Write `name: value` lines below it."),
    }
    for start, (what, mend) in words.items():
        if kind.startswith(start):
            return f"{shown} {what}.", mend
    limit = next((f"{name} {told[key]}" for key, name in _LIMITS.items() if key in told), "another value")
    return f"{shown} is out of bounds.", f"It must be {limit}."


_LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


def _like(example: str | None) -> str:
    return f", like {example}" if example else ""


def nearest(said: str, allowed: Iterable[str], lead: str) -> str:
    """The nearest of the words that are allowed, and all of them when they are few."""
    words = sorted(map(str, allowed))
    close = get_close_matches(said, words, n=1, cutoff=0.5)
    listed = f"{lead} {', '.join(words)}." if len(words) <= 20 else "See docs/adding-a-plan.md for the words."
    return f"Did you mean `{close[0]}`? {listed}" if close else listed
