"""A backup as docs/backing-up.md has it, restored into another server: every row and every view is there again."""

from __future__ import annotations

import secrets
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from warehouses import outside

from tf_integration.flow import backup
from tf_integration.flow.access import put_account
from tf_integration.flow.setup import prepare
from tf_integration.keep import audit
from tf_integration.model.errors import CallError, NeedsAPerson, ServiceError
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import Cluster, free_port
from tf_integration.store import warehouse

TABLES = ("SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
          " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1")  # fmt: skip
VIEWS = ("SELECT format('%I.%I', schemaname, viewname) AS name FROM pg_views WHERE schemaname IN ('mart', 'analyst')"
         " ORDER BY 1")  # fmt: skip


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server that has never seen us."""
    other = Cluster(tmp_path_factory.mktemp("elsewhere") / "data", free_port(), secrets.token_hex(12))
    other.start()
    try:
        outside(other, "CREATE DATABASE restored")
        yield other
    finally:
        other.remove()


def held(settings: Settings) -> dict[str, list[str]]:
    """Every row of every table, and of every view that people read."""
    with warehouse.transaction(settings) as conn:
        names = [r["name"] for of in (TABLES, VIEWS) for r in warehouse.rows(conn, of)]
        asked = {n: warehouse.rows(conn, f"SELECT t::text AS row FROM {n} t") for n in names}  # noqa: S608
        return {n: sorted(r["row"] for r in rows) for n, rows in asked.items()}


def test_what_was_backed_up_comes_back_on_another_server(
    warehouse_url: str, elsewhere: Cluster, tmp_path: Path
) -> None:
    here = Settings(home=tmp_path / "here", warehouse_url=warehouse_url)
    there = Settings(home=tmp_path / "there", warehouse_url=elsewhere.database_url("restored"))
    prepare(here)
    put_account(here, "amina.khan", ["families"], "a test")
    seen = {"delivery_id": 1, "feed": "dwp_benefits", "partner": "dwp", "file_name": "a.csv", "sha256": "x",
            "mode": "whole", "snapshot_on": "2019-06-01", "sequence": 1, "state": "seen", "contract_version": "c",
            "code_version": "0"}  # fmt: skip
    with warehouse.transaction(here) as conn:
        names, marks = ", ".join(seen), ", ".join(f":{n}" for n in seen)
        warehouse.execute(conn, f"INSERT INTO landing.delivery ({names}) VALUES ({marks})", [seen])  # noqa: S608
    before = held(here)
    assert sum(map(len, before.values())) > 100
    (here.home / "reference").mkdir(parents=True, exist_ok=True)
    (here.home / "reference" / "communal.csv").write_text("uprn,address,postcode,kind\n")
    told = backup.write(here, tmp_path / "out")
    assert set(told) == {"warehouse.dump", "home.tar.gz"}
    assert {f.stat().st_mode & 0o777 for f in (tmp_path / "out").iterdir()} == {0o600}
    with tarfile.open(tmp_path / "out" / "home.tar.gz") as archive:
        archive.extractall(there.home, filter="data")
    assert (there.home / "reference" / "communal.csv").exists()
    assert (there.home / "secrets" / "web_admin_password").read_text() == (
        here.home / "secrets" / "web_admin_password").read_text()  # fmt: skip
    prepare(there)                                      # as `tfi up --empty` does: it makes the roles, too
    backup.read(there, tmp_path / "out" / "warehouse.dump")
    assert held(there) == before
    with warehouse.transaction(there) as conn:
        assert audit.check(conn, tmp_path / "anchors.txt") == []
        assert warehouse.scalar(conn, "SELECT has_table_privilege('tfi_reader', 'mart.claim_readiness_v1', 'SELECT')")
    with pytest.raises(NeedsAPerson, match="holds 1 deliveries"):
        backup.read(there, tmp_path / "out" / "warehouse.dump")


def test_what_is_no_backup_is_said_and_nothing_is_written_over(
    warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Settings(home=tmp_path / "here", warehouse_url=warehouse_url)
    prepare(here)
    (tmp_path / "out").mkdir()
    with pytest.raises(CallError, match="cannot be made"):
        backup.write(here, tmp_path / "out")
    with pytest.raises(CallError, match="no such file"):
        backup.read(here, tmp_path / "nothing")
    (tmp_path / "no.dump").write_text("not a dump")
    with pytest.raises(ServiceError, match="pg_restore did not finish"):
        backup.read(here, tmp_path / "no.dump")
    gone = here.model_copy(update={"warehouse_url": here.warehouse_url.rpartition("/")[0] + "/none"})
    with pytest.raises(ServiceError, match="pg_dump did not finish"):
        backup.write(gone, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []
