"""What a preview says would change, in words: the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def counted(would: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """`people`, `facts` and `households`, each with how many of them would change; what was not counted is left out."""
    if "people_added" in would:
        yield "people", (f"{would['people_added']:,} added, {would['people_ended']:,} ended, "
                         f"{would['people_absent']:,} absent (who would end if absent again), "
                         f"{would['people_changed']:,} with changed particulars")  # fmt: skip
    if "facts_added" in would:
        yield "facts", (f"{would['facts_added']:,} added, {would['facts_changed']:,} changed, "
                        f"{would['facts_ended_by_absence']:,} ended by absence, {would['facts_withdrawn']:,} withdrawn")
    if house := would["households"]:
        yield "households", f"{house['touched']:,} touched" + (
            f", {house['changed']:,} with another answer, {house['new']:,} new, {house['gone']:,} gone"
            if "changed" in house else "")  # fmt: skip
