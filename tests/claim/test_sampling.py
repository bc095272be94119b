"""The auditor's sample: large enough, from every stratum, and the same again for the same seed."""

from __future__ import annotations

import random

import pytest

from tf_integration.claim.audit import FILE, draw, load_audit
from tf_integration.model.errors import ContractError

RULES = load_audit().sample


def claims(**groups: int) -> list[dict[str, str]]:
    return [
        {"claim_ref": f"{g}-{n:04d}", "plan_id": "p", "result": g, "problems": "2"}
        for g, size in groups.items()
        for n in range(size)
    ]


def sample(of: list[dict[str, str]], seed: str = "s", share: float = RULES.share) -> dict[str, str]:
    return draw(of, share, RULES.at_least, RULES.strata, seed)


@pytest.mark.parametrize(
    ("n", "drawn"), [(0, 0), (1, 1), (19, 19), (20, 20), (21, 20), (200, 20), (201, 21), (1000, 100), (1001, 101)]
)
def test_at_least_a_tenth_and_never_fewer_than_20_or_all(n: int, drawn: int) -> None:
    assert len(sample(claims(sustained=n))) == drawn


def test_every_stratum_is_looked_at_in_proportion() -> None:
    drawn = sample(claims(sustained=900, employment=99, other=1))
    found = {g: sum(r.startswith(g) for r in drawn) for g in ("sustained", "employment", "other")}
    assert found == {"sustained": 90, "employment": 9, "other": 1}


def test_the_same_seed_gives_the_same_sample_in_any_order_and_another_seed_another() -> None:
    whole = claims(sustained=300, employment=40)
    shuffled = random.Random(3).sample(whole, len(whole))
    assert sample(whole) == sample(shuffled)
    assert set(sample(whole)) != set(sample(whole, "t"))


def test_errors_found_before_raise_the_share() -> None:
    shares = [RULES.share_after(rate) for rate in (None, 0, 0.02, 0.021, 0.10, 0.11)]
    assert shares == [0.10, 0.10, 0.10, 0.25, 0.25, 1]


def test_a_share_that_is_none_is_refused_with_its_place(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "audit.yaml"
    file.write_text(FILE.read_text().replace("share: 0.10 ", "share: 1.10 "))
    with pytest.raises(ContractError, match=r"sample\.share"):
        load_audit(file)
