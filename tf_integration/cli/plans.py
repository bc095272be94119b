"""`tfi plan`: whether a plan's examples hold, what a change to it would do, and how it comes into force."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's id, or the path of its file.")]
_By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who does this.")]
_Day = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which it judges.")
]
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add `plan list`, `test`, `diff`, `impact`, `sign`, `activate` and `schema`."""
    plan = typer.Typer(
        no_args_is_help=True, help="Try a plan before it decides anything, sign it and bring it into force."
    )
    plan.command("list", epilog="Example: tfi plan list")(list_)
    plan.command("test", epilog="Example: tfi plan test national-2015")(test)
    plan.command("diff", epilog="Example: tfi plan diff national-2015 our-plan.yaml")(diff)
    plan.command("impact", epilog="Example: tfi plan impact our-plan.yaml --from 2019-09-01")(impact)
    plan.command(
        "sign", epilog='Example: tfi plan sign our-plan --by "A Jones" --because "agreed by the board, 3 May"'
    )(sign)
    plan.command("activate", epilog='Example: tfi plan activate our-plan --from 2019-09-01 --by "B Khan"')(activate)
    plan.command("schema", epilog="Example: tfi plan schema > plan.schema.json")(schema)
    app.add_typer(plan, name="plan")


def list_(as_json: _AsJson = False) -> None:
    """The plans that judge: from when, and who signed and activated them."""
    from tf_integration.flow.signing import judging
    from tf_integration.model.settings import Settings

    plans = judging(Settings.load())
    if as_json:
        _print(plans)
        return
    for p in plans:
        typer.echo(f"{p['plan_id']}: {p['title']}")
        signed = f"; signed by {p['signed_by']}, activated by {p['activated_by']}" if p["signed_by"] else "; as shipped"
        typer.echo(f"  judges {p['from_on']} to {p['to_on'] or 'now on'}{signed} ({p['plan_hash'][:12]})")


def test(named: _Plan, as_json: _AsJson = False) -> None:
    """Run the plan's worked examples. Exits 1 when one gets another verdict than it states."""
    from tf_integration.flow.plans import find_plan, try_examples
    from tf_integration.model.plan_file import lines_of
    from tf_integration.model.settings import Settings

    settings = Settings.load()
    plan, file = find_plan(named, settings)
    results = try_examples(settings, plan)
    wrong = [r for r in results if not r.is_right]
    lines = lines_of(file, [r.place for r in wrong])
    told = [
        {"line": line, "problem": r.problem, "criterion": r.criterion}
        | {"says": r.says, "expected": r.expected, "got": r.got}
        for line, r in zip(lines, wrong, strict=True)
    ]
    if as_json:
        _print({"plan": plan.plan, "examples": len(results), "wrong": told})
    else:
        for r in told:
            typer.echo(
                f"{file.name} line {r['line']}: {r['problem']}.{r['criterion']}: `{r['says']}` is {r['got']}, "
                f"the plan says {r['expected']}"
            )
        typer.echo(f"{plan.plan}: {len(results) - len(wrong)} of {len(results)} worked examples hold.")
    raise typer.Exit(1 if wrong else 0)


def diff(
    was: _Plan,
    is_: Annotated[str | None, typer.Argument(metavar="[OTHER]", help="The plan to compare with.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Show the lines in which two plans differ; of one, from the plan whose place it takes."""
    from tf_integration.flow.plans import differences, find_plan, stands_before
    from tf_integration.model.settings import Settings

    settings = Settings.load()
    file = find_plan(was, settings)[1]
    two = (file, find_plan(is_, settings)[1]) if is_ else (stands_before(was, settings), file)
    lines = differences(*two)
    if as_json:
        _print({"lines": lines})
    else:
        typer.echo("\n".join(lines) or "The two plans are the same.")


def impact(named: _Plan, from_on: _Day = None, as_json: _AsJson = False) -> None:
    """Name the households whose status would change on the latest run's data, and the rules that move them."""
    from tf_integration.flow.plans import find_plan
    from tf_integration.flow.plans import impact as ask
    from tf_integration.model.settings import Settings

    settings = Settings.load()
    told = ask(settings, find_plan(named, settings)[0], from_on.date() if from_on else None)
    if as_json:
        _print(told)
        return
    typer.echo(f"As at {told['as_at']}, had {told['plan']} judged from {told['from_on']} on:")
    for move in told["moves"]:
        typer.echo(f"  {move['households']:>7} {move['status_was']} -> {move['status_is']}")
    if not told["moves"]:
        typer.echo("  no household would change status")
        return
    typer.echo("Moved by:")
    for rule, n in list(told["rules"].items())[:_SHOWN]:
        typer.echo(f"  {n:>7} {rule}")
    typer.echo("Households:")
    for h in told["households"][:_SHOWN]:
        typer.echo(f"  {h['household_id']} {h['status_was']} -> {h['status_is']}: {', '.join(h['moved_by'])}")
    if len(told["households"]) > _SHOWN:
        typer.echo(f"  and {len(told['households']) - _SHOWN} more: --json lists all")


def sign(
    named: _Plan,
    by: _By,
    because: Annotated[str, typer.Option("--because", metavar="WHY", help="Why it may judge: who agreed, and when.")],
    as_json: _AsJson = False,
) -> None:
    """Sign a plan's text off. Its worked examples must hold; any later change asks for a new signature."""
    from tf_integration.flow.signing import sign as sign_it
    from tf_integration.model.settings import Settings

    told = sign_it(Settings.load(), named, by, because)
    if as_json:
        _print(told)
    else:
        typer.echo(f"{told['plan']} ({told['hash'][:12]}) is signed by {told['by']}. Another person may activate it.")


def activate(
    named: _Plan,
    from_on: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which it judges.")
    ],
    by: _By,
    as_json: _AsJson = False,
) -> None:
    """Let a plan that another person signed judge from a day on. A text that claims rest on stays as it is."""
    from tf_integration.flow.signing import activate as activate_it
    from tf_integration.model.settings import Settings

    told = activate_it(Settings.load(), named, from_on.date(), by)
    if as_json:
        _print(told)
    else:
        typer.echo(f"{told['plan']} judges from {told['from_on']} on, signed by {told['signed_by']}, "
                   f"activated by {told['by']}. The next refresh judges by it.")  # fmt: skip


def schema(as_json: _AsJson = True) -> None:
    """Print the JSON Schema of a plan, for editors: JSON in any case."""
    from tf_integration.model.plan_schema import schema_text

    typer.echo(schema_text(), nl=False)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, default=str))
