"""The evidence pack as a sheet: headings, paragraphs and tables in order, for the page and the PDF alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WORDS = {"met": "met", "not_met": "not met", "not_known": "not known"}
HISTORY = (
    "Payment by results for families ended in England in March 2025. A claim is history, or serves a local contract; "
    "the evidence is what an auditor may ask for."
)


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table with its header; cells are text. `wide` columns get the room that is left."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


Block = Heading | Words | Table


def claim_sheet(document: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[Block]:
    """The whole pack of one claim. `names` (person id to name) is empty unless they were asked for."""
    claim, evidence = document["claim"], document["evidence"]
    yield Heading(1, f"Evidence for claim {claim['claim_ref']}")
    yield Words(HISTORY)
    yield _about(document)
    yield from _people(evidence, names)
    yield from _calendar(evidence)
    for problem in evidence["problems"]:
        if problem["present_since"] != "not_met":
            yield from _problem(problem)
    yield Heading(2, "The four principles, and the family")
    yield from _verdicts(evidence["principles"])
    yield Heading(2, "The result")
    yield from _verdicts(evidence["results"])
    yield from _counter(evidence["counter_evidence"])
    yield from _sign_offs(document["sign_offs"])
    yield Heading(2, "How to check this pack")
    yield Words(
        "The digest is the sha256 of `evidence` in the data file, written as JSON with sorted keys and no spaces, "
        "in UTF-8. The same digest stands in the ledger. Each fact names the partner's file, its line and the sha256 "
        "of the file as it was sent."
    )


def _about(document: Mapping[str, Any]) -> Table:
    claim, evidence = document["claim"], document["evidence"]
    plan = evidence["plan"]
    return Table(
        ("What", "Is"),
        tuple(
            (k, _text(v))
            for k, v in (
                ("Family references", ", ".join(evidence["family_refs"])),
                ("Household", evidence["household_id"]),
                ("Result", evidence["result"]),
                ("As at", evidence["as_at"]),
                ("Known at", _instant(document["known_at"])),
                ("Attached on", evidence["attached_on"]),
                ("Amount", f"£{claim['amount_pounds']}"),
                ("Plan", f"{plan['title']} ({plan['plan_id']})"),
                ("Plan's source", plan["source"]),
                ("Plan's sha256", plan["sha256"]),
                ("Problems present since attachment", ", ".join(evidence["problems_present"])),
                ("Improved", ", ".join(evidence["problems_improved"])),
                ("Evidence sha256", document["evidence_sha256"]),
                ("Frozen at", _instant(document["frozen_at"])),
            )
        ),
    )


def _people(evidence: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[Block]:
    yield Heading(2, "The people")
    header = ("Person", *(("Name",) if names else ()), "Is", "Age on the day", "From", "To", "Partners' references")
    yield Table(
        header,
        tuple(
            (
                str(p["person_id"]),
                *((names.get(p["person_id"], "-"),) if names else ()),
                _text(p["relationship"]),
                p["age"],
                _text(p["valid_from"], "always"),
                _text(p["valid_to"], "still"),
                ", ".join(p["refs"]),
            )
            for p in evidence["people"]
        ),
    )


def _calendar(evidence: Mapping[str, Any]) -> Iterator[Block]:
    """A row for each problem, a column for each month: how many facts bear on its improvement."""
    rows = evidence["calendar"]
    months = sorted({m["month"] for r in rows for m in r["months"]})[-18:]
    if not rows:
        return
    yield Heading(2, "The sustained period")
    yield Words(
        "For each problem, the months over which its improvement is looked at, and how many facts were found in "
        "them that bear on it. "
        "A dot: the month is looked at, and none was found. Blank: the month is not looked at."
    )
    shown = []
    for row in rows:
        found = {m["month"]: m["facts"] for m in row["months"]}
        shown.append(
            (
                row["problem"],
                f"{row['first_day']} to {row['last_day']}",
                *(str(found[m] or ".") if m in found else "" for m in months),
            )
        )
    yield Table(("Problem", "Days", *(m[2:] for m in months)), tuple(shown), "Months are year-month.")


def _problem(problem: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, problem["says"])
    yield Words(
        f"{problem['problem']}: present since attachment {_WORDS[problem['present_since']]}, "
        f"improved {_WORDS[problem['improved']]}."
        + (f" First met on {problem['first_met_on']}." if problem["first_met_on"] else "")
    )
    yield Heading(3, "Identified by")
    yield Words("The verdicts are those of the day itself; the facts, those by which it was present at any time since.")
    yield from _verdicts([v for v in problem["identified"] if v["verdict"] != "not_met" or v["facts"]])
    yield Heading(3, "Improved, and sustained")
    yield from _verdicts(problem["improvement"])


def _verdicts(verdicts: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    for v in verdicts:
        rule = v["rule"] or {}
        measured = (
            f" Measured {v['measure']}" + (f" against {v['threshold']}" if v["threshold"] is not None else "") + "."
            if v["measure"]
            else ""
        )
        window = f" From {v['window_start']} to {v['window_end']}." if v["window_start"] and v["window_end"] else ""
        yield Words(f"{v['criterion']}. {v['says']}.{measured}{window}".replace("..", "."))
        if rule.get("says"):
            mark = "checked against it" if rule.get("verified") else "not yet checked against it"
            yield Words(f"Rule: {rule['says']}. Source: {rule.get('source', 'the plan')} ({mark}).")
        if v["facts"]:
            yield _facts(v["facts"])


def _facts(facts: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        ("Fact", "Days", "Person", "File and line", "Loaded", "sha256 of the file", "Case file"),
        tuple(
            (
                f["says"],
                _days(f),
                _text(f.get("person_id"), "the family"),
                f"{f.get('file', '-')} line {f.get('line', '-')}",
                _text(f.get("loaded_on")),
                _text(f.get("sha256")),
                _text(f.get("reference")),
            )
            for f in facts
        ),
    )


def _days(fact: Mapping[str, Any]) -> str:
    ends = f" to {fact['ends_on']}" if fact.get("ends_on") else ""
    return f"{fact.get('starts_on', 'always')}{ends}"


def _counter(counter: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, "What speaks against, or might")
    if counter["not_met_or_not_known"]:
        yield Table(
            ("Problem", "Test", "Is", "Says"),
            tuple((d["problem"], d["test"], _WORDS[d["verdict"]], d["says"]) for d in counter["not_met_or_not_known"]),
            "Tests that the result did not need, and that are not met or not known.",
        )
    else:
        yield Words("Every test of every problem that was present is met.")
    if counter["other_facts"]:
        yield Words("Other facts of the period, of the matters that the plan asks about, on which no verdict rests:")
        yield _facts(counter["other_facts"])
    else:
        yield Words("Nothing else of the matters that the plan asks about is known of the family in the period.")
    if counter["rules_not_verified"]:
        yield Words(
            "Sources of rules that the council has not yet checked against the published text: "
            + "; ".join(counter["rules_not_verified"])
            + "."
        )


def _sign_offs(signed: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(2, "Sign-offs")
    rows = [
        (step, told["by_whom"], _instant(_text(told.get("happened_at"))), _text(told.get("because")))
        for step in ("drafted", "sampled", "approved", "frozen")
        if (told := signed.get(step))
    ]
    yield Table(("Step", "By", "At", "Because"), tuple(rows))
    audit = signed["audited"]
    if isinstance(audit, Mapping):
        says = "valid" if audit["is_valid"] else "not valid"
        yield Words(
            f"Internal audit looked at this claim and found it {says}: {audit['because']} ({audit['by_whom']})."
        )
    else:
        yield Words("Internal audit did not look at this claim: it was not in the sample.")
    sample = signed["sample"]
    yield Words(
        f"The sample was drawn from {sample['claims']} claims with the seed `{sample['seed']}`: "
        f"a share of {sample['share']}, at least {sample['at_least']}."
    )


def _text(value: Any, blank: str = "-") -> str:
    return blank if value is None else str(value)


def _instant(value: Any) -> str:
    """To the second, as an auditor reads it."""
    text = str(value).replace("T", " ")
    return f"{text[:19]} UTC" if text.endswith("+00:00") else text
