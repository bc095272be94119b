"""One DAG per feed contract: look for deliveries, then land, check, conform, load and answer each in turn."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Asset, AssetAlias, dag, get_current_context, get_parsing_context, task
from rhythm import AS_AT, AT_WORK, PATIENCE, asked_by_night, business_date, nightly, without_values

from tf_integration.model.feed import ANY_PARTNER, Feed, load_feeds
from tf_integration.model.settings import Settings


def feed_dag(contract: Feed) -> DAG:
    """`feed_<name>`: its own night, so that one partner's trouble is nobody else's."""
    feed = contract.feed
    anyone = contract.partner == ANY_PARTNER     # many accounts and files: begun first, or the night waits for it
    rows, change = Asset(name=f"feed_{feed}", uri=f"tfi://feed/{feed}"), AssetAlias(f"{feed}_changed")

    @dag(dag_id=f"feed_{feed}", dag_display_name=contract.title, schedule=nightly("30 3 * * *"),
         **AT_WORK, dagrun_timeout=timedelta(hours=6), params={"as_at": AS_AT},
         tags=["feed", contract.partner, contract.rhythm],
         default_args=PATIENCE | {"owner": contract.owner.here, "priority_weight": 9 if anyone else 1},
         doc_md=about(contract))
    def build() -> None:
        @task(execution_timeout=timedelta(minutes=20))
        def discover() -> list[int]:
            from tf_integration.flow.deliver import discover as look
            with without_values():
                return look(Settings.load(), feed, business_date(get_current_context()))

        @task(execution_timeout=timedelta(hours=3), max_active_tis_per_dagrun=1, outlets=[change],
              map_index_template="{{ delivery }}")
        def deliver(delivery_id: int) -> dict[str, int | str]:
            from tf_integration.flow.deliver import deliver as carry
            context = get_current_context()
            as_at = business_date(context)
            with without_values():
                done = carry(Settings.load(), delivery_id, as_at)
            context["delivery"] = f"{delivery_id} {done['status']}"     # the name that the run's page shows
            if not asked_by_night(context) and str(done["status"]).startswith("accepted"):
                context["outlet_events"][change].add(rows, extra={"as_at": as_at.isoformat()})
            return done

        deliver.expand(delivery_id=discover())

    return build()


def about(contract: Feed) -> str:
    """The contract in a few lines, for the DAG's page."""
    return (f"**{contract.title}** from {contract.partner}, {contract.rhythm}, mode `{contract.mode}`. Owner: "
            f"{contract.owner.here}; there: {contract.owner.at_partner}. Kept: {contract.retention}")


_wanted = get_parsing_context().dag_id     # a task's process needs its own DAG only
for _contract in load_feeds().values():
    if _wanted in (None, f"feed_{_contract.feed}"):
        globals()[f"feed_{_contract.feed}"] = feed_dag(_contract)
