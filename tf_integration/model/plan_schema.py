"""The JSON Schema of a plan, for editors, and what stands at each place of it, for errors."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from tf_integration.model.feed import load_feeds
from tf_integration.model.kind import load_kinds
from tf_integration.model.plan import Plan

_SAMPLES = {  # how a value of a form is written, by the form's pattern, format or type
    "(months|weeks|terms|terms to day)$": "`12 months`, `13 weeks`, `3 terms` or `3 terms to day`",
    "(months|weeks)$": "`6 months` or `13 weeks`",
    " months$": "`36 months`",
    "A-Za-z0-9_]*$": "`a_name`: letters, digits and underlines",
    "a-z0-9-]*$": "`our-plan-2019`: small letters, digits and hyphens",
    "date": "`2015-04-01`",
    "integer": "`2`",
    "number": "`1`",
    "array": "`[one, other]`",
}


@lru_cache(maxsize=1)
def plan_schema() -> dict[str, Any]:
    """The schema of a plan's file. Kinds and feeds are listed, so that an editor completes them."""
    schema = Plan.model_json_schema(by_alias=True)
    schema["properties"].pop("hash")
    shapes = schema["$defs"]
    shapes["Match"]["properties"]["kind"] |= {"enum": sorted(load_kinds())}
    feeds = {"type": "string", "enum": sorted(load_feeds())}
    for shape in (schema, *shapes.values()):
        for name, told in shape.get("properties", {}).items():
            if name.startswith("told_by") or name == "without":
                told["items"] = feeds
    _yes_or_no(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "An outcome plan"}


def _yes_or_no(node: Any) -> None:
    """Plans say yes and no, which newer YAML takes for words."""
    for each in list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(each, dict) and each.get("type") == "boolean":
            del each["type"]
            each["enum"] = [True, False, "yes", "no"]
        _yes_or_no(each)


def field_at(where: tuple[str | int, ...]) -> dict[str, Any]:
    """What the schema has at a place: `siblings` (names allowed there), `values` (words allowed), `example`."""
    schema = plan_schema()
    node, around = schema, schema
    for step in where:
        around = _resolved(node)
        node = _step(around, step)
    last = _resolved(node)
    values = last.get("enum") or [v["const"] for v in last.get("anyOf", ()) if "const" in v]
    return {"siblings": sorted(around.get("properties", {})), "values": values, "example": _sample(last)}


def _step(node: dict[str, Any], step: str | int) -> dict[str, Any]:
    if isinstance(step, int):
        found = node.get("items", {})
    else:
        named: Any = node.get("additionalProperties") or next(iter(node.get("patternProperties", {}).values()), {})
        found = node.get("properties", {}).get(step) or named
    return found if isinstance(found, dict) else {}


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node itself: through a reference, and past `or nothing`."""
    if "$ref" in node:
        return _resolved(plan_schema()["$defs"][node["$ref"].rsplit("/", 1)[1]])
    choices = [n for n in node.get("anyOf", ()) if n.get("type") != "null"]
    return _resolved(choices[0]) if len(choices) == 1 else node


def _sample(node: dict[str, Any]) -> str | None:
    if True in node.get("enum", ()):
        return "`no`"
    if node.get("enum"):
        return " or ".join(f"`{v}`" for v in node["enum"][:6])
    pattern = node.get("pattern", "")
    for end, sample in _SAMPLES.items():
        if pattern.endswith(end) or (not pattern and end in (node.get("format"), node.get("type"))):
            return sample
    return None


def schema_text() -> str:
    """The schema as the shipped file holds it."""
    return json.dumps(plan_schema(), indent=1, ensure_ascii=False) + "\n"
