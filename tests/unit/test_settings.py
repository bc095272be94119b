"""A settings file says only what there is to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tf_integration.model.errors import CallError
from tf_integration.model.settings import Settings


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('warehouse_ur = "postgresql://x"', "warehouse_ur"),
        ('[partner.police]\nhost = "h"', "partner"),
        ('[partners.police]\nhost = "h"\nusername = "u"\nkey_file = "k"\nhost_key = "x"\nprot = 2022', "prot"),
        ('[alerts.emial]\nto = ["a"]', "emial"),
        ('timezone = "Europe/Londn"', "timezone"),
        ('timezone = "../etc"', "timezone"),
    ],
)
def test_a_slip_in_a_name_is_refused_by_its_name(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(CallError, match=named):
        Settings.load(tmp_path)
