"""The delivery's page inside Airflow: what it shows, and that nothing in it can become markup."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2] / "plugins"))

import delivery_page


def told(**changes: Any) -> dict[str, Any]:
    at = datetime(2019, 5, 1, 6, tzinfo=UTC)
    return {
        "file": "a.csv", "delivery_id": 7, "feed": "a", "partner": "b", "status": "held", "families_affected": 3,
        "counts": {"read": 60, "loaded": 0, "rejected": 60, "faulty": 2, "withheld": 58, "adds_up": True},
        "applied": {},
        "reasons": [{"rule": "volume", "count": 60, "what_to_do": "Send the whole extract."}],
        "by_rule": [{"rule": "code", "column": "role", "rows": 2, "faults": 2, "first_line": 8}], "measures": [],
        "events": [{"happened_at": at, "state": "held", "status": "held", "rows_read": 60, "rows_loaded": 0,
                    "rows_rejected": 60}],
        "decisions": [{"decided_at": at, "action": "release", "by_whom": "Ada", "because": "<script>x</script>",
                       "rules": ["volume"]}],
        "receipts": [{"tried_at": at, "status": None, "fault": "Unreachable"}], "before": [],
    } | changes  # fmt: skip


def test_it_shows_counts_states_decisions_and_receipts() -> None:
    page = delivery_page.page(told())
    for shown in ("<td>of these withheld with the file</td><td class=n>58</td>", "<td>role</td>", "Unreachable",
                  "2019-05-01 06:00:00", "Ada", "Families known here whom this concerns: 3"):  # fmt: skip
        assert shown in page, shown
    assert "do not add up" not in page


def test_what_people_wrote_is_never_markup() -> None:
    assert "<script>" not in delivery_page.page(told())


def test_counts_that_do_not_add_up_are_said_so() -> None:
    counts = {"read": 60, "loaded": 1, "rejected": 60, "faulty": 2, "withheld": 58, "adds_up": False}
    assert "do not add up" in delivery_page.page(told(counts=counts))
