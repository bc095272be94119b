"""What reviewers' words say of the matching."""

from __future__ import annotations

import pytest
from reviewed import Reviewed


def measured(reviewed: Reviewed) -> dict[tuple[str, str], tuple[int, int, int, float | None]]:
    reviewed.county.conn.commit()
    return {(m, s): (p, r, n, None if share is None else float(share)) for m, s, p, r, n, share in reviewed.county.rows(
        "SELECT measure, stratum, pairs, reviewed, said_same, share FROM mart.match_quality_v1")}


def linked(reviewed: Reviewed, n: int) -> list[str]:
    """Pairs that an NHS number joins."""
    pairs = []
    for i in range(n):
        a = reviewed.county.someone("dwp", f"D{i}", f"Ann{i}", "Lee", f"198{i}-01-01", nhs_number=f"94347659{i:02d}")
        b = reviewed.county.someone("jcp", f"J{i}", f"Ann{i}", "Lee", f"198{i}-01-01", nhs_number=f"94347659{i:02d}")
        pairs.append(f"{a}:{b}")
    return pairs


def test_nobody_has_looked_so_nothing_is_said(reviewed: Reviewed) -> None:
    linked(reviewed, 2)
    reviewed.refresh()
    assert measured(reviewed) == {("precision", "joined"): (2, 0, 0, None), ("recall", "all"): (2, 0, 0, None)}


def test_precision_is_the_share_of_links_that_reviewers_found_right(reviewed: Reviewed) -> None:
    pairs = linked(reviewed, 4)
    reviewed.refresh()
    for pair, word in zip(pairs, ("same", "same", "same", "different"), strict=True):
        reviewed.say(pair, word)
    assert measured(reviewed)["precision", "joined"] == (4, 4, 3, 0.75)
    low, high = reviewed.county.rows("SELECT low, high FROM mart.match_quality_v1 WHERE stratum = 'joined'")[0]
    assert (float(low), float(high)) == pytest.approx((0.3006, 0.9544), abs=5e-4)     # Wilson's, of 3 in 4


def test_recall_counts_what_was_kept_apart_and_is_one_person(reviewed: Reviewed) -> None:
    pairs = linked(reviewed, 3)
    c = reviewed.county
    apart = [c.someone("health", "H1", "Zoe", "Ash", "2001-01-01", nino="AB123456A"),
             c.someone("schools", "S1", "Yan", "Elm", "1970-05-05", nino="AB123456A")]
    reviewed.refresh()
    for pair in pairs:
        reviewed.say(pair, "same")
    assert measured(reviewed)["recall", "all"][3] is None
    reviewed.say(f"{apart[0]}:{apart[1]}", "same")
    found = measured(reviewed)
    assert found["missed", "refused"] == (1, 1, 1, 1.0)
    assert found["recall", "all"] == (4, 4, 4, 0.75)


def test_a_word_taken_back_is_not_counted_and_a_word_counts_where_the_pair_first_stood(reviewed: Reviewed) -> None:
    first, second = linked(reviewed, 2)
    reviewed.refresh()
    reviewed.say(first, "different")
    reviewed.refresh()
    reviewed.say(second, "different")
    reviewed.say(second, "undo")
    assert measured(reviewed)["precision", "joined"][1:] == (1, 0, 0.0)
