"""One county of 500 families and three nights, made once for all tests here."""

from __future__ import annotations

import pytest

from tf_integration.county import generate

from .reading import AS_AT, FAMILIES, County, Extract


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    out = tmp_path_factory.mktemp("county") / "c"
    generate(out, FAMILIES, 1, AS_AT, 3)
    return County(out)


@pytest.fixture(scope="session")
def extracts(county: County) -> list[Extract]:
    return county.extracts()
