"""One real platform for the journey: PostgreSQL, the partners' SFTP server and Airflow, in a home of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import two_families as given
from running_home import Platform, Told, move_server, running

from tf_integration.serve.postgres import free_port


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running(tmp_path_factory.mktemp("journey") / "home") as made:
        yield made


@pytest.fixture(scope="module")
def first_night(platform: Platform) -> Told:
    """A night on which the police's extract is spoilt and the housing department's server is away."""
    at = platform.partners
    given.write(at, "early_help", "early_help_members", 1, given.FIRST, given.MEMBERS)
    given.write(at, "early_help", "early_help_milestones", 1, given.FIRST, given.MILESTONES)
    given.write(at, "dwp", "dwp_benefits", 1, given.FIRST, given.BENEFITS)
    given.write(at, "jcp", "jcp_employment", 1, given.FIRST, given.WORK)
    given.write(at, "housing", "housing_tenancies", 1, given.FIRST, given.TENANCIES)
    given.write(at, "police", "police_incidents", 1, given.FIRST, given.CALL_OUTS, broken=True)
    server = platform.settings.partners["housing"].port
    move_server(platform, "housing", free_port())
    try:
        return platform.tfi("night", "--as-at", str(given.FIRST), "--json")
    finally:
        move_server(platform, "housing", server)


@pytest.fixture(scope="module")
def second_night(platform: Platform, first_night: Told) -> Told:
    """The night after: housing is back, and the police have sent their extract again."""
    given.write(platform.partners, "police", "police_incidents", 1, given.SECOND, given.CALL_OUTS)
    return platform.tfi("night", "--as-at", str(given.SECOND), "--json")
