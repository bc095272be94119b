"""One night of files that lie in partners' folders: fetched over SFTP, loaded and judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sftp_partner import QUICK, open_accounts

from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.refresh import refresh
from tf_integration.flow.setup import prepare
from tf_integration.model.settings import Settings


def one_night(settings: Settings, feeds: Iterable[str], as_at: date) -> list[str]:
    """The status of each delivery found in `partners/` of the home, once the night is done whole."""
    prepare(settings)
    (settings.home / "limits.yaml").write_text(QUICK)
    started = list(open_accounts(settings, settings.home / "partners"))
    try:
        came = [deliver(settings, d, as_at)["status"] for feed in feeds for d in discover(settings, feed, as_at)]
        assert refresh(settings, as_at)["broken"] == []
        return came
    finally:
        for partner in started:
            partner.stop()
