"""Two families that came by SFTP, and the pages that show them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from warehouses import fresh

sys.path.append(str(Path(__file__).parents[1] / "flow"))

from served_pages import BENEFITS, CHROMIUM, MEMBERS, MILESTONES, ON, Served, listening
from small_council import new_key, opened

from tf_integration.flow.refresh import refresh
from tf_integration.flow.setup import prepare
from tf_integration.keep.access import load_access
from tf_integration.model.settings import Settings
from tf_integration.serve.postgres import Cluster


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("web") / "home"
    home.mkdir()
    key = new_key(tmp_path_factory.mktemp("keys") / "id_ed25519")
    partners = home.parent / "partners"
    with fresh(cluster) as url, opened(Settings(home=home, warehouse_url=url), partners, key) as council:
        prepare(council.settings)
        for partner, feed, text in (("early_help", "early_help_members", MEMBERS),
                                    ("early_help", "early_help_milestones", MILESTONES),
                                    ("dwp", "dwp_benefits", BENEFITS)):  # fmt: skip
            (council.partners.get(partner) or council.join(partner)).put(feed, "2019-06-01", 1, text)
            assert council.night(feed, "2019-06-01") == ["accepted"]
        refresh(council.settings, ON)
        with listening(council.settings) as (address, app):
            yield Served(address, council, app)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def rules() -> Any:
    return load_access()
