"""`tfi claims`: from the worklist to a paid claim, and earlier claims from a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from tf_integration.model.errors import CallError

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_By = Annotated[str, typer.Option(help="Who acts: your own name. The ledger keeps it.")]
_Because = Annotated[str, typer.Option(help="Why, in words that an auditor will read.")]
_Window = Annotated[str, typer.Argument(metavar="WINDOW", help="A window's name.")]
_Claim = Annotated[str, typer.Argument(metavar="CLAIM", help="A claim's reference.")]
_Either = Annotated[str, typer.Argument(metavar="CLAIM|WINDOW", help="A claim's reference, or a window's name.")]
_Later = Annotated[bool, typer.Option("--later", help="Leave the judging of its households to the next refresh.")]
_FOUND = {True: "valid", False: "not valid; take it out by `tfi claims withdraw`"}
_Out = Annotated[Path, typer.Option(help="The folder to write to.")]


def register(app: typer.Typer) -> None:
    """Add the group `claims`."""
    claims = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Claims, from the worklist to the ledger.")
    for name, command, example in (
        ("list", list_, "--ready"),
        ("import", import_, "earlier-claims.csv --by Ada"),
        ("draft", draft, "2019-q2 --by Ada"),
        ("windows", windows, ""),
        ("show", show, "2019-q2"),
        ("sample", sample, "2019-q2 --by Ben"),
        ("audit", audit, '2019-q2-0001 --valid --by Ben --because "seen the file"'),
        ("approve", approve, '2019-q2 --by Cas --because "every sampled claim is valid"'),
        ("freeze", freeze, "2019-q2 --by Ada"),
        ("submit", submit, "2019-q2 --by Ada --out sent"),
        ("pay", pay, '2019-q2 --by Dee --because "remittance 7"'),
        ("withdraw", withdraw, '2019-q2-0001 --by Ada --because "no plan in the case file"'),
        ("clawback", clawback, '2019-q2-0001 --by Dee --because "spot check of May"'),
        ("pack", pack, "2019-q2 --out packs"),
        ("replay", replay, "2019-q2"),
        ("conflicts", conflicts, ""), ("progress", progress, ""),
        ("target", target, 'national-2015 4670 --by Ada --because "agreed with the department"'),
    ):
        claims.command(name, epilog=f"Example: tfi claims {name} {example}".rstrip())(command)
    app.add_typer(claims, name="claims")


def list_(
    ready: Annotated[bool, typer.Option("--ready", help="Households that could be claimed for now.")] = False,
    soon: Annotated[bool, typer.Option("--soon", help="Households that are nearly there.")] = False,
    missed: Annotated[bool, typer.Option("--missed", help="Households never attached that have a result.")] = False,
    at_risk: Annotated[bool, typer.Option("--at-risk", help="Households whose evidence is about to lapse.")] = False,
    window: Annotated[str | None, typer.Option(help="Claims of this window only.")] = None,
    state: Annotated[str | None, typer.Option(help="Claims in this state only.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Claims; or, with one of the first four options, the households that could become one."""
    from tf_integration.flow import claim_lists
    from tf_integration.model.settings import Settings

    asked = [n for n, on in (("ready", ready), ("soon", soon), ("missed", missed), ("at_risk", at_risk)) if on]
    if len(asked) > 1:
        raise CallError("only one list at a time.", where=" ".join(f"--{a.replace('_', '-')}" for a in asked))
    settings = Settings.load()
    columns: tuple[str, ...]
    if not asked:
        rows, columns = (
            claim_lists.claims(settings, window, state),
            ("claim_ref", "state", "result", "amount_pounds", "claimed_on", "household_id"),
        )
    elif ready:
        rows, columns = (
            claim_lists.ready(settings),
            ("household_id", "family_refs", "result", "attached_on", "value_pounds", "held_as"),
        )
    else:
        rows = claim_lists.near(settings, asked[0])
        columns = ("household_id", "status", "earliest_on", "days_left", "reason")
    _show(rows, as_json, columns)


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, a row per person: claim_ref, plan_id, family_ref, partner, person_ref, result, state, "
            "claimed_on, amount_pounds."
        ),
    ],
    by: Annotated[str | None, typer.Option(help="Who acts; this computer's user when not given.")] = None,
    because: _Because = "earlier claims",
    later: _Later = False,
    as_json: _AsJson = False,
) -> None:
    """Load earlier claims. The same file again changes nothing. Exits 1 when a row is refused; the others load."""
    import getpass

    from tf_integration.flow.claims import import_claims
    from tf_integration.model.settings import Settings

    told = import_claims(Settings.load(), file, getpass.getuser() if by is None else by, because, judge=not later)
    _tell(told, as_json, _import_words)
    raise typer.Exit(1 if told["rows_refused"] else 0)


def draft(
    window: _Window,
    by: _By,
    because: _Because = "the ready families of the latest run",
    plan: Annotated[str | None, typer.Option(help="Claims under this plan only.")] = None,
    household: Annotated[list[int] | None, typer.Option(help="Only this household; may be repeated.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Open a window with a claim for every ready household. Exits 1 when one is refused, because a claim holds it."""
    from tf_integration.flow import claims as flow
    from tf_integration.model.settings import Settings

    told = flow.draft(Settings.load(), window, by, because, plan, household)
    _tell(
        told,
        as_json,
        lambda t: [
            f"{t['window']}: {t['claims']} claims drafted as at {t['as_at']}, £{t['pounds']:,}.",
            *(f"  not household {r['household_id']}: {r['because']}" for r in t["refused"]),
        ],
    )
    raise typer.Exit(1 if told["refused"] else 0)


def windows(as_json: _AsJson = False) -> None:
    """The windows, each with its last step, its claims and money."""
    from tf_integration.flow import claim_lists
    from tf_integration.model.settings import Settings

    _show(
        claim_lists.all_windows(Settings.load()),
        as_json,
        ("name", "as_at", "drafted_by", "step", "claims", "withdrawn", "clawed_back", "pounds"),
    )


def show(window: _Window, as_json: _AsJson = False) -> None:
    """A window's steps, and its sample with the auditor's word on each claim."""
    from tf_integration.flow import claim_lists
    from tf_integration.model.settings import Settings

    told = claim_lists.window(Settings.load(), window)
    if as_json:
        _print_json(told)
        return
    typer.echo(
        f"{told['name']}, as at {told['as_at']}: "
        f"{told['claims'] - told['withdrawn'] - told['clawed_back']} claims, £{told['pounds']:,}."
    )
    for step, who in [("drafted", told["drafted_by"]), *told["steps"].items()]:
        typer.echo(f"  {step} by {who}")
    _show(told["sampled"], False, ("claim_ref", "stratum", "state", "is_valid", "audited_by", "because"))


def sample(
    window: _Window,
    by: _By,
    because: _Because = "internal audit",
    seed: Annotated[
        str | None, typer.Option(help="What the draw starts from; the window's name when not given.")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Draw the auditor's sample: stratified, and the same again for the same seed."""
    told = _step("sample", window, by, because, seed)
    _tell(
        told,
        as_json,
        lambda t: [
            f"{t['window']}: {len(t['sampled'])} of {t['claims']} claims ({t['share']:.0%},"
            f" one of a kind at least), seed `{t['seed']}`.",
            *(f"  {s['claim_ref']}  {s['stratum']}" for s in t["sampled"]),
        ],
    )


def audit(
    claim: _Claim,
    by: _By,
    because: _Because,
    valid: Annotated[bool, typer.Option("--valid/--invalid", help="What was found.")] = ...,  # type: ignore[assignment]
    as_json: _AsJson = False,
) -> None:
    """Say of a sampled claim whether it is valid, and why. Exits 1 when it is not."""
    told = _step("say_verdict", claim, valid, by, because)
    _tell(told, as_json, lambda t: [f"{t['claim_ref']}: {_FOUND[t['is_valid']]}."])
    raise typer.Exit(0 if valid else 1)


def approve(window: _Window, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Approve an audited window. Whoever drafted it cannot."""
    told = _step("approve", window, by, because)
    _tell(told, as_json, lambda t: [f"{t['window']}: {t['claims']} claims approved by {t['approved_by']}."])


def freeze(
    window: _Window, by: _By, because: _Because = "approved", later: _Later = False, as_json: _AsJson = False
) -> None:
    """Judge an approved window's families once more and fix facts, rules and results with a digest."""
    from tf_integration.flow import claims as flow
    from tf_integration.model.settings import Settings

    told = flow.freeze(Settings.load(), window, by, because, judge=not later)
    _tell(told, as_json, lambda t: [f"{t['window']}: {t['claims']} claims frozen, £{t['pounds']:,}."])


def submit(
    window: _Window, by: _By, out: _Out = Path(), because: _Because = "the window closes", as_json: _AsJson = False
) -> None:
    """Write a frozen window's list of claims, and mark it as submitted. Whoever approved it cannot."""
    from tf_integration.flow import claims as flow
    from tf_integration.model.settings import Settings

    told = flow.submit(Settings.load(), window, by, because, out)
    _tell(told, as_json, lambda t: [f"{t['window']}: {t['claims']} claims submitted, £{t['pounds']:,}: {t['file']}"])


def pay(named: _Either, by: _By, because: _Because, as_json: _AsJson = False) -> None:
    """Mark a claim, or a window's submitted claims, as paid."""
    _move(named, "paid", by, because, False, as_json)


def withdraw(named: _Either, by: _By, because: _Because, later: _Later = False, as_json: _AsJson = False) -> None:
    """Take a claim back, or all of a window. It no longer stands, and its children may be claimed for again."""
    _move(named, "withdrawn", by, because, later, as_json)


def clawback(named: _Either, by: _By, because: _Because, later: _Later = False, as_json: _AsJson = False) -> None:
    """Mark a claim, or all of a window, as taken back by the payer. It no longer stands."""
    _move(named, "clawed_back", by, because, later, as_json)


def pack(
    named: _Either,
    out: _Out = Path("packs"),
    names: Annotated[bool, typer.Option("--names", help="With people's names; that you took them is kept.")] = False,
    by: Annotated[str, typer.Option(help="Who takes names out: your own name; else your account's.")] = "",
    as_json: _AsJson = False,
) -> None:
    """Write the evidence pack of a frozen claim, or of each of a window: a printable page, a PDF, and data."""
    import getpass

    from tf_integration.flow import claims as flow
    from tf_integration.model.settings import Settings

    files = flow.write_pack(Settings.load(), named, out, names, by.strip() or getpass.getuser())
    _tell({"files": files}, as_json, lambda t: t["files"])


def replay(named: _Either, as_json: _AsJson = False) -> None:
    """Work frozen claims out again, from the landed files too. Exits 1 when one is not as it was, or stands no more."""
    from tf_integration.flow import freezing
    from tf_integration.model.settings import Settings

    told = freezing.replay(Settings.load(), named)
    if as_json:
        _print_json(told)
    for r in [] if as_json else told:
        typer.echo("\n".join([f"{r['claim_ref']}", *(f"  {line}" for line in r["says"])]))
    well = (r["same_evidence"] and r["still_stands"] and not r["files_changed"] + r["lines_differ"] for r in told)
    raise typer.Exit(0 if all(well) else 1)


def conflicts(as_json: _AsJson = False) -> None:
    """Standing claims that turned out to be for one child. Exits 1 when there are any: withdraw one of each."""
    from tf_integration.flow import claim_lists
    from tf_integration.model.settings import Settings

    found = claim_lists.conflicts(Settings.load())
    _show(found, as_json, ("claim_ref", "other_ref", "person_id", "found_at"))
    raise typer.Exit(1 if found else 0)


def _step(step: str, *args: Any) -> dict[str, Any]:
    """One step of a window, in a transaction of its own."""
    from tf_integration.claim import window
    from tf_integration.model.settings import Settings
    from tf_integration.store import warehouse

    with warehouse.transaction(Settings.load()) as conn:
        told: dict[str, Any] = getattr(window, step)(conn, *args)
    return told


def _move(named: str, state: str, by: str, because: str, later: bool, as_json: bool) -> None:
    from tf_integration.flow import claims as flow
    from tf_integration.model.settings import Settings

    told = flow.move(Settings.load(), named, state, by, because, judge=not later)
    _tell(
        told,
        as_json,
        lambda t: [f"{m['claim_ref']}: {_step_words(m)}, £{m['amount_pounds']:,}" for m in t["moved"]],
    )


def _step_words(moved: dict[str, Any]) -> str:
    was, now = moved["state_was"], moved["state"]
    return f"{now} already, nothing was changed" if was == now else f"{was} -> {now}"


def _import_words(told: dict[str, Any]) -> list[str]:
    from tf_integration.cli.claim_words import import_words

    return import_words(told)


def _tell(told: dict[str, Any], as_json: bool, words: Any) -> None:
    if as_json:
        _print_json(told)
    else:
        typer.echo("\n".join(words(told)))


def _show(rows: list[dict[str, Any]], as_json: bool, columns: tuple[str, ...]) -> None:
    from tf_integration.cli.claim_words import table

    if as_json:
        _print_json(rows)
    else:
        typer.echo("\n".join(table(rows, columns)))


def _print_json(told: Any) -> None:
    import json

    typer.echo(json.dumps(told, indent=2, default=str))


def progress(as_json: _AsJson = False) -> None:
    """How each plan goes towards its target, in its latest month."""
    from tf_integration.claim.progress import latest
    from tf_integration.model.settings import Settings
    from tf_integration.store import warehouse

    with warehouse.transaction(Settings.load()) as conn:
        rows = latest(conn)
    _show(
        rows,
        as_json,
        ("plan_id", "target", "identified", "ready", "claimed_sustained", "claimed_employment", "remaining",
         "value_remaining_pounds"),
    )  # fmt: skip


def target(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan's id.")],
    families: Annotated[int, typer.Argument(metavar="FAMILIES", min=0, help="How many are to be turned around.")],
    by: _By,
    because: _Because,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From this day; else the plan's first.")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Set how many families are to be turned around under a plan."""
    from tf_integration.claim.progress import set_target
    from tf_integration.model.settings import Settings
    from tf_integration.store import warehouse

    with warehouse.transaction(Settings.load()) as conn:
        told = set_target(conn, plan, families, by, because, from_.date() if from_ else None)
    _tell(told, as_json, lambda t: [f"{t['plan_id']}: {t['target']} families from {t['valid_from']}."])
