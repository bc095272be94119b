"""A family is told to wait only where waiting helps."""

from __future__ import annotations

import sqlalchemy as sa
from reference.comparing import random_county
from reference.database import planned
from reference.world import load
from sqlalchemy.engine import Engine

from tf_integration.assess import assess

__all__ = ["planned"]
PROBLEMS = "SELECT what_next, fine_on FROM assess.missing WHERE ord = 30 AND verdict = 'not_met'"
WAIT = "keep it so until the last one is old enough"


def test_keep_it_so_is_said_only_of_what_time_alone_will_mend(planned: Engine) -> None:
    told = set()
    for number in range(1, 5):
        setting, world = random_county(number, 40)
        with planned.connect() as conn:
            load(conn, world)
            assess(conn, setting.as_at)
            told |= {(r.what_next, r.fine_on is not None) for r in conn.execute(sa.text(PROBLEMS))}
            conn.rollback()
    assert told == {
        (WAIT, True),
        ("end the nomination, or record that its goal was met", False),
        ("bring what is still open to a good end, and have it recorded", False),
    }
