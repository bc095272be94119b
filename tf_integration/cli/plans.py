"""`tfi plan`: what a plan says, whether its examples hold, what a change to it would do."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's id, or the path of its file.")]


def register(app: typer.Typer) -> None:
    """Add `plan test`, `plan diff` and `plan impact`."""
    plan = typer.Typer(no_args_is_help=True, help="Try a plan before it decides anything.")
    plan.command("test", epilog="Example: tfi plan test national-2015")(test)
    plan.command("diff", epilog="Example: tfi plan diff national-2015 our-plan.yaml")(diff)
    plan.command("impact", epilog="Example: tfi plan impact our-plan.yaml")(impact)
    app.add_typer(plan, name="plan")


def test(named: _Plan, as_json: _AsJson = False) -> None:
    """Run the plan's worked examples. Exits 1 when one gets another verdict than it states."""
    from tf_integration.flow.plans import find_plan, try_examples
    from tf_integration.model.settings import Settings

    plan, _ = find_plan(named)
    results = try_examples(Settings.load(), plan)
    wrong = [r for r in results if not r.is_right]
    if as_json:
        _print({"plan": plan.plan, "examples": len(results), "wrong": [vars(r) for r in wrong]})
    else:
        for r in wrong:
            typer.echo(f"{r.problem}.{r.criterion}: `{r.says}` is {r.got}, the plan says {r.expected}")
        typer.echo(f"{plan.plan}: {len(results) - len(wrong)} of {len(results)} worked examples hold.")
    raise typer.Exit(1 if wrong else 0)


def diff(
    was: _Plan,
    is_: Annotated[str, typer.Argument(metavar="OTHER", help="The plan to compare with.")],
    as_json: _AsJson = False,
) -> None:
    """Show the lines in which two plans differ."""
    from tf_integration.flow.plans import differences, find_plan

    lines = differences(find_plan(was)[1], find_plan(is_)[1])
    if as_json:
        _print({"lines": lines})
    else:
        typer.echo("\n".join(lines) or "The two plans are the same.")


def impact(named: _Plan, as_json: _AsJson = False) -> None:
    """Count the households whose status would change on the latest run's day; nothing is kept."""
    from tf_integration.flow.plans import find_plan
    from tf_integration.flow.plans import impact as ask
    from tf_integration.model.settings import Settings

    told = ask(Settings.load(), find_plan(named)[0])
    if as_json:
        _print(told)
        return
    typer.echo(f"As at {told['as_at']}, with this plan in place of the stored one:")
    for move in told["moves"]:
        typer.echo(f"  {move['households']:>7} {move['status_was']} -> {move['status_is']}")
    if not told["moves"]:
        typer.echo("  no household would change status")


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, default=str))
