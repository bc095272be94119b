"""What must hold of a year of claims, asked by other means than the platform's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from reference.evaluator import evaluate
from reference.world import Membership, Person, Ref, World

from tf_integration.flow import freezing
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse
from year.county import Truth
from year.raw import Landed, births, facts

WHO = """
    SELECT DISTINCT c.claim_ref, s.partner, s.person_ref, l.person_id
    FROM claim.claim c
    JOIN identity.membership m ON m.household_id = c.household_id AND m.known_to = 'infinity'
    JOIN identity.person_link l ON l.person_id = m.person_id AND l.known_to = 'infinity'
    JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_to = 'infinity'
    JOIN claim.window w USING (window_id) WHERE w.name = :name AND c.state = ANY (:states)"""
FAMILY = """
    SELECT c.claim_ref, c.result, c.claimed_on, f.family_ref FROM claim.claim c JOIN claim.family f USING (claim_id)
    JOIN claim.window w USING (window_id) WHERE w.name = :name AND c.state = ANY (:states) AND f.partner = 'early_help'"""
STANDING = ("frozen", "submitted", "paid")


@dataclass
class Proof:
    """How much was checked, and whatever was found wrong, each in words."""

    checked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def balanced(self, settings: Settings) -> None:
        """The whole ledger's sum, claims and pounds, now."""
        with warehouse.transaction(settings) as conn:
            total = warehouse.rows(
                conn, "SELECT coalesce(sum(claims), 0) AS n, coalesce(sum(pounds), 0) AS pounds FROM claim.entry"
            )[0]
        self.checked["sums of the ledger between acts"] += 1
        if total["n"] or total["pounds"]:
            self.wrong.append(f"the ledger's sum is {total['n']} claims and {total['pounds']} pounds")


def check_window(proof: Proof, settings: Settings, truth: Truth, name: str, as_at: date) -> None:
    """Each frozen claim of a window from the landed files: is it a result on its day, by the plan stated a second time?

    Of the warehouse it takes the family's references and which references are one person; nothing else.
    """
    with warehouse.transaction(settings) as conn:
        people, families = (warehouse.rows(conn, asked, name=name, states=list(STANDING)) for asked in (WHO, FAMILY))
    landed = Landed(settings.home, truth.faulty)
    refs = {(r["partner"], r["person_ref"]) for r in people}
    standing = landed.standing(refs, {r["family_ref"] for r in families})
    worlds = _worlds(people, families, standing)
    coverage = landed.coverage()
    asked = {r["claim_ref"]: r["result"] for r in families}
    for claim, world in worlds.items():
        world.coverage = coverage
        answer = evaluate(world, 1, as_at)
        proof.checked["claims checked from the landed files"] += 1
        if (answer.status, answer.result) != ("ready", asked[claim]):
            proof.wrong.append(
                f"claim {claim} as at {as_at} was frozen as {asked[claim]}; from the files it is {answer.status} "
                f"{answer.result}: {_why(answer)}"
            )


def _why(answer: Any) -> str:
    improved = {p: v for p, v in answer.improved.items() if p in answer.problems_present}
    return f"present {answer.problems_present}, improved {improved}, principles {answer.principles}, attached {answer.attached_on}"


def _worlds(people: list[dict[str, Any]], families: list[dict[str, Any]], standing: list[Any]) -> dict[str, World]:
    """The small world of each claim: its people, their days in the family, what the rows say of them."""
    whose: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for r in people:
        whose[r["claim_ref"]][r["partner"], r["person_ref"]] = str(r["person_id"])
    refs: dict[str, set[str]] = defaultdict(set)
    for r in families:
        refs[r["claim_ref"]].add(r["family_ref"])
    by_person: dict[tuple[str, str], list[Any]] = defaultdict(list)
    by_family: dict[str, list[Any]] = defaultdict(list)
    for s in standing:
        if "person_ref" in s.row:
            by_person[s.of.partner, s.row["person_ref"]].append(s)
        else:
            by_family[s.row["family_ref"]].append(s)
    found = {}
    for claim, who in whose.items():
        rows = [s for ref in who for s in by_person[ref]]
        born = births(rows, who)
        members = [
            Membership(1, who[s.of.partner, s.row["person_ref"]], _day(s.row["joined_on"]), s.ends_on)  # type: ignore[arg-type]
            for s in rows
            if s.of.feed == "early_help_members" and s.row["family_ref"] in refs[claim]
        ]
        told = [f for s in rows for f in facts(s, who[s.of.partner, s.row["person_ref"]])]
        told += [f for ref in refs[claim] for s in by_family[ref] for f in facts(s, None)]
        listed = dict.fromkeys(str(m.person_id) for m in members)
        found[claim] = World(
            [Person(p, born.get(p)) for p in listed], members, told, [], refs=[Ref(1, r) for r in sorted(refs[claim])]
        )  # type: ignore[arg-type]
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def prove_the_end(proof: Proof, settings: Settings, truth: Truth) -> None:
    """At the year's end: every replay, the ledger entry by entry, and no true child claimed for twice."""
    _ledger(proof, settings)
    _children_once(proof, settings, truth)
    with warehouse.transaction(settings) as conn:
        names = [
            r["name"]
            for r in warehouse.rows(
                conn,
                "SELECT DISTINCT w.name FROM claim.pack JOIN claim.claim USING (claim_id) "
                "JOIN claim.window w USING (window_id) ORDER BY 1",
            )
        ]
    for name in names:
        for told in freezing.replay(settings, name):
            proof.checked["frozen claims replayed"] += 1
            proof.checked["lines of landed files read again"] += told["lines_read"]
            proof.checked["claims that no longer stand with what is known now"] += not told["still_stands"]
            if not told["same_evidence"] or told["files_changed"] or told["lines_differ"]:
                proof.wrong.append(f"claim {told['claim_ref']} does not replay: {told}")


def _ledger(proof: Proof, settings: Settings) -> None:
    """After each transfer's second entry the sum of all entries so far is nought, and accounts are what claims' states say."""
    with warehouse.transaction(settings) as conn:
        entries = warehouse.rows(conn, "SELECT transfer_id, account, claims, pounds FROM claim.entry ORDER BY entry_id")
        states = warehouse.rows(
            conn, "SELECT state, count(*) AS n, sum(amount_pounds) AS pounds FROM claim.claim GROUP BY state"
        )
    sums, accounts = [0, 0], defaultdict(lambda: [0, 0])
    for n, e in enumerate(entries):
        for total in (sums, accounts[e["account"]]):
            total[0] += e["claims"]
            total[1] += e["pounds"]
        is_last = n + 1 == len(entries) or entries[n + 1]["transfer_id"] != e["transfer_id"]
        proof.checked["entries of the ledger"] += 1
        if is_last and any(sums):
            proof.wrong.append(f"after transfer {e['transfer_id']} the ledger's sum is {sums}")
    for s in states:
        if accounts[s["state"]] != [s["n"], s["pounds"]]:
            proof.wrong.append(
                f"account {s['state']} holds {accounts[s['state']]}, and the claims {s['n']}, {s['pounds']}"
            )


def _children_once(proof: Proof, settings: Settings, truth: Truth) -> None:
    """By the county's truth of who is who, no child of a standing claim stands in another of them."""
    with warehouse.transaction(settings) as conn:
        rows = warehouse.rows(
            conn,
            "SELECT claim_ref, claimed_on, partner, person_ref FROM claim.person JOIN claim.claim USING (claim_id) "
            "WHERE state = ANY (:states)",
            states=list(STANDING),
        )
    held: dict[str, set[str]] = defaultdict(set)
    for r in rows:
        person = truth.person_of.get((r["partner"], r["person_ref"]))
        if person and r["claimed_on"] < truth.born[person] + timedelta(days=int(18 * 365.25)):
            held[person].add(r["claim_ref"])
    proof.checked["children of standing claims, by the truth"] += len(held)
    proof.wrong += [f"one child stands in the claims {sorted(refs)}" for refs in held.values() if len(refs) > 1]
