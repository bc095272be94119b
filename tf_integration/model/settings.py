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
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tf_integration.model.errors import CallError

PROJECT = Path(__file__).resolve().parents[2]
PGP_KEY_FILES = (".asc", ".gpg", ".pgp")


class PartnerServer(BaseModel):
    """How one partner's SFTP account is reached. `host_key` is pinned: `<type> <base64>`.

    `pgp_keys`: files of the partner's public PGP keys, beside those in `TFI_HOME/partners/<partner>/keys`.
    """

    model_config = ConfigDict(extra="forbid")

    host: str
    port: int = 22
    username: str
    key_file: Path
    host_key: str
    root: str = "/"
    pgp_keys: list[Path] = Field(default_factory=list)


class Mail(BaseModel):
    """Where alerts go by e-mail, and the server that carries them; the password stands in a file of its own."""

    model_config = ConfigDict(extra="forbid")

    to: tuple[str, ...] = Field(min_length=1)
    sender: str
    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_file: Path | None = None


class Webhook(BaseModel):
    """Where alerts go by HTTP POST; with a secret, each carries `X-TFI-Signature: sha256=<HMAC of the body>`."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(pattern=r"^https?://")
    secret_file: Path | None = None


class Alerts(BaseModel):
    """The channels of alerts. None set up: everything still stands on the feed board, and nothing is sent."""

    model_config = ConfigDict(extra="forbid")

    email: Mail | None = None
    webhook: Webhook | None = None


class OpenId(BaseModel):
    """The council's own sign-on service. No `secret_file`: the pages are a public client. `only`: no local accounts."""

    model_config = ConfigDict(extra="forbid")

    issuer: str = Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])")
    client_id: str
    secret_file: Path | None = None
    only: bool = False

    @property
    def configuration_url(self) -> str:
        """Where the service says what it is."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


class Web(BaseModel):
    """Where people reach the pages; None: on this machine alone, where `tfi up` starts them."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, pattern=r"^https?://[^/]+/?$")
    openid: OpenId | None = None


class Settings(BaseModel):
    """The settings of one installation; paths are absolute."""

    model_config = ConfigDict(extra="forbid")

    home: Path
    warehouse_url: str | None = Field(default=None, pattern=r"^postgres(ql)?(\+psycopg2)?://")
    airflow_url: str | None = None
    timezone: str = "Europe/London"
    partners: dict[str, PartnerServer] = Field(default_factory=dict)
    alerts: Alerts = Alerts()
    web: Web = Web()
    pgp_key_file: Path | None = None
    pgp_passphrase_file: Path | None = None

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone") from error
        return name

    @property
    def pgp_private_key(self) -> Path:
        """Our private PGP key, with which extracts sent under PGP are opened; `tfi up` makes one where none is."""
        return self.pgp_key_file or self.home / "secrets" / "pgp_private_key.asc"

    def pgp_keys(self, partner: str) -> list[Path]:
        """Files of the public PGP keys that may sign a partner's extracts, in name order."""
        folder, server = self.home / "partners" / partner / "keys", self.partners.get(partner)
        own = sorted(f for f in folder.glob("*") if f.suffix in PGP_KEY_FILES) if folder.is_dir() else []
        return [*own, *(server.pgp_keys if server else [])]

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
                f"these settings are missing, malformed or not known: {fields}.",
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
