"""Whether the clocks agree, asked before anything is decided: of two that do not, nobody here knows which is wrong."""

from __future__ import annotations

from tf_integration.land.limits import load_limits
from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import Settings
from tf_integration.store import clock, warehouse


def agree(settings: Settings) -> None:
    """Return when this machine's clock and the warehouse's are at most `clock_apart_seconds` apart.

    A night's day is this machine's and its instants are the warehouse's: what is late, and what waits for its day,
    would be judged by one and recorded by the other.

    Raises:
        ServiceError: they are further apart; nothing was begun.
    """
    most = load_limits(settings.home).clock_apart_seconds
    with warehouse.transaction(settings) as conn:
        apart = clock.apart_seconds(conn)
    if abs(apart) > most:
        raise ServiceError(
            f"the warehouse's clock is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} this machine's;"
            f" more than {most:g} s is not trusted.",
            where="clocks",
            mend="Set the wrong one right (is time synchronisation on?). The next run goes on by itself.",
        )
