"""A feed's DAG, run whole in this process against a real warehouse and a partner's real SFTP server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest

sys.path.append(str(Path(__file__).parents[1] / "land"))

from sftp_partner import QUICK, Partner

from tf_integration.flow.reference import load_reference
from tf_integration.model.feed import load_feeds
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
ACTIONS = "housing_actions"
HEADER = "op,person_ref,action_ref,tenancy_ref,action,action_on,ended_on,amount"
DAY = "2019-05-01"


@dataclass
class Night:
    """Partners on SFTP, and the DAGs that fetch from them."""

    bag: Any
    home: Path
    warehouse_url: str
    key: asyncssh.SSHKey
    partners: dict[str, Partner] = field(default_factory=dict)

    def sends(self, partner: str, feed: str, sequence: int, *lines: str, **more: Any) -> None:
        """A partner's extract; its first line is the header."""
        if partner not in self.partners:
            self._join(partner)
        self.partners[partner].put(feed, DAY, sequence, "".join(f"{line}\n" for line in lines), **more)

    def run(self, feed: str, **conf: Any) -> Any:
        """The finished run of a feed's DAG."""
        return self.bag.dags[f"feed_{feed}"].test(run_conf={"as_at": DAY, **conf})

    def _join(self, name: str) -> None:
        ours = self.home / "id_ed25519"
        accepts = " ".join(self.key.export_public_key().decode().split()[:2])
        self.partners[name] = Partner(name, self.home / "partners" / name, ours, accepts=accepts)
        self.partners[name].start()
        servers = {n: p.server().model_dump(mode="json") for n, p in self.partners.items()}
        known = {"warehouse_url": self.warehouse_url, "partners": servers}
        (self.home / "run" / "services.json").write_text(json.dumps(known))


@pytest.fixture
def night(bag: Any, airflow_tables: None, home: Path, warehouse_url: str) -> Iterator[Night]:
    made = Night(bag, home, warehouse_url, asyncssh.generate_private_key("ssh-ed25519"))
    (home / "id_ed25519").write_bytes(made.key.export_private_key())
    (home / "limits.yaml").write_text(QUICK)
    (home / "run").mkdir()
    made._join("housing")
    with warehouse.transaction(Settings.load()) as conn:
        load_reference(conn)
    yield made
    for partner in made.partners.values():
        partner.stop()


def states(run: Any) -> dict[str, str]:
    return {f"{t.task_id} {t.map_index}": str(t.state) for t in run.get_task_instances()}


def told(run: Any) -> list[Any]:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.query(XComModel).filter(XComModel.run_id == run.run_id, XComModel.dag_id == run.dag_id)
        return [XComModel.deserialize_value(x) for x in found.order_by(XComModel.task_id, XComModel.map_index)]


def changes(run: Any) -> list[dict[str, Any]]:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    with create_session() as session:
        return [e.extra for e in session.query(AssetEvent).filter(AssetEvent.source_run_id == run.run_id)]


def test_a_file_on_sftp_is_delivered_and_its_change_announced_for_its_day(night: Night) -> None:
    night.sends("housing", ACTIONS, 1, HEADER, "U,H1,A1,T1,nosp_arrears,2019-04-01,,")
    run = night.run(ACTIONS)
    assert run.state == "success"
    assert changes(run) == [{"as_at": DAY}]
    with warehouse.transaction(Settings.load()) as conn:
        assert warehouse.scalar(conn, "SELECT count(*) FROM core.fact WHERE kind = 'nosp_arrears'") == 1


def test_a_nights_run_announces_nothing_for_the_night_refreshes_itself(night: Night) -> None:
    night.sends("housing", ACTIONS, 1, HEADER, "U,H1,A1,T1,nosp_arrears,2019-04-01,,")
    run = night.run(ACTIONS, night=True)
    assert (run.state, states(run)["deliver 0"], changes(run)) == ("success", "success", [])


def test_a_file_that_is_refused_changes_nothing_and_announces_nothing(night: Night) -> None:
    night.sends("housing", ACTIONS, 1, HEADER, "U,H1,A1,T1,nosp_arrears,2019-04-01,,", control={"sha256": "0" * 64})
    run = night.run(ACTIONS)
    assert (run.state, states(run)["deliver 0"], changes(run)) == ("success", "success", [])


def test_a_night_without_files_succeeds_and_announces_nothing(night: Night) -> None:
    run = night.run(ACTIONS)
    assert states(run) == {"discover -1": "success", "deliver -1": "skipped"}
    assert (run.state, changes(run)) == ("success", [])


def test_only_ids_counts_and_codes_pass_between_tasks(night: Night) -> None:
    night.sends("housing", ACTIONS, 1, HEADER, "U,H1,A1,T1,nosp_arrears,2019-04-01,,")
    night.sends("housing", ACTIONS, 2, HEADER, "U,H2,A2,T2,eviction,2019-04-02,,")
    values = told(night.run(ACTIONS))
    assert len(values) >= 3
    shown = json.dumps(values)
    assert "accepted" in shown
    assert not [ref for ref in ("H1", "H2", "A1", "T2", "2019-04") if ref in shown]


def test_a_delivery_that_fails_leaves_the_run_red_and_the_other_ones_delivered(night: Night) -> None:
    for partner in ("housing", "police"):
        night.sends(partner, "nominations", 1, ",".join(c.name for c in load_feeds()["nominations"].columns))
    with warehouse.transaction(Settings.load()) as conn:      # somebody else is deciding the housing department's
        warehouse.scalar(conn, "SELECT pg_advisory_xact_lock(hashtext('deliver'), hashtext('nominations|housing'))")
        run = night.run("nominations", night=True)
    assert run.state == "failed"
    assert sorted(s for k, s in states(run).items() if k.startswith("deliver")) == ["failed", "success"]
    with warehouse.transaction(Settings.load()) as conn:
        decided = warehouse.rows(conn, "SELECT partner FROM landing.delivery WHERE status = 'accepted'")
    assert [d["partner"] for d in decided] == ["police"]
