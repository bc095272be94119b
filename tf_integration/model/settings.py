"""Where the platform's files are and which servers it talks to.

Read from, in order of strength: the environment (`TFI_HOME`, `TFI_WAREHOUSE_URL`, `TFI_SETTINGS`), a settings
file (`TFI_HOME/settings.toml` or `TFI_SETTINGS`), and what `tfi up` wrote about the embedded servers
(`TFI_HOME/run/services.json`).
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from tf_integration.model.errors import CallError

PROJECT = Path(__file__).resolve().parents[2]


class PartnerServer(BaseModel):
    """How one partner's SFTP account is reached. `host_key` is pinned: `<type> <base64>`."""

    host: str
    port: int = 22
    username: str
    key_file: Path
    host_key: str
    root: str = "/"


class Settings(BaseModel):
    """The settings of one installation; paths are absolute."""

    home: Path
    warehouse_url: str | None = None
    airflow_url: str | None = None
    timezone: str = "Europe/London"
    partners: dict[str, PartnerServer] = Field(default_factory=dict)

    @property
    def landed(self) -> Path:
        """Where fetched files are kept, one folder per delivery."""
        return self.home / "landed"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def reference(self) -> Path:
        """The council's own reference data (`terms.csv`)."""
        return self.home / "reference"

    @property
    def example_file(self) -> Path:
        """What `tfi demo` wrote about the example county that lives in this home; absent where none does."""
        return self.home / "county.json"

    @property
    def services_file(self) -> Path:
        return self.home / "run" / "services.json"

    @classmethod
    def load(cls, home: Path | str | None = None) -> Settings:
        """Read the settings in force.

        Raises:
            CallError: the settings file cannot be read or names something unknown.
        """
        root = Path(home or os.environ.get("TFI_HOME") or ".tfi").expanduser().absolute()
        merged: dict[str, Any] = _read_services(root / "run" / "services.json")
        named = os.environ.get("TFI_SETTINGS")
        file = Path(named) if named else root / "settings.toml"
        if named or file.exists():
            merged |= _read_settings_file(file)
        if url := os.environ.get("TFI_WAREHOUSE_URL"):
            merged["warehouse_url"] = url
        merged["home"] = root
        try:
            return cls(**merged)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
            raise CallError(
                f"these settings are missing or malformed: {fields}.",
                where=str(file),
                mend="Compare with docs/settings.md.",
            ) from None


def _read_services(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        known = json.loads(file.read_text())
    except ValueError:
        raise CallError("what `tfi up` wrote about its servers cannot be read.", where=str(file),
                        mend="Remove the file, then run `tfi up`.") from None
    return {k: known[k] for k in ("warehouse_url", "airflow_url", "partners") if k in known}


def _read_settings_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise CallError(f"the settings file cannot be read ({error.strerror}).", where=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        raise CallError(f"not valid TOML: {error}.", where=str(file)) from None
