"""Extracts sent under PGP, from the partner's folder to the receipt; their plain text stays on no disk of ours."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from pgp_sender import Sender, sender
from small_council import Council, tenancies

from tf_integration.flow.decisions import release
from tf_integration.land import pgp
from tf_integration.model.errors import NeedsAPerson

SECRET = "Quetzalcoatlus"
pytestmark = pytest.mark.skipif(not shutil.which("gpg"), reason="the machine has no gpg")


@pytest.fixture(scope="module")
def housing_pgp() -> Iterator[Sender]:
    with sender() as them:
        them.key("housing")
        them.key("stranger")
        yield them


@pytest.fixture
def agreed(council: Council, housing_pgp: Sender) -> Council:
    """A council that holds housing's public key, and whose own public key housing holds as `us`."""
    assert pgp.make_our_key(council.settings)
    public = (council.settings.home / "secrets" / "pgp_public_key.asc").read_text()
    housing_pgp.gpg.import_keys(public)
    give_key(council, housing_pgp)
    return council


def give_key(council: Council, them: Sender) -> None:
    folder = council.settings.home / "partners" / "housing" / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "housing.asc").write_text(them.public("housing"))


def put(council: Council, data: bytes, sequence: int = 1, suffix: str = ".gpg", rows: int = 3) -> str:
    """A file as sent, with the control file about exactly those bytes."""
    on = f"2019-05-{sequence:02d}"
    plain = council.housing.put("housing_tenancies", on, sequence, b"x")
    said = json.loads((council.housing.extracts / f"{plain}.ctl.json").read_text())
    for left in (plain, f"{plain}.ctl.json"):
        (council.housing.extracts / left).unlink()
    said |= {"rows": rows, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    council.housing.write(plain + suffix, data)
    council.housing.write(f"{plain}{suffix}.ctl.json", json.dumps(said).encode())
    return plain + suffix


def us() -> str:
    return "extracts@tf-integration.invalid"


def rules(council: Council, name: str) -> list[str]:
    return [r["rule"] for r in council.housing.receipt(name)["reasons"]]


def in_plain(council: Council) -> str:
    search = ["grep", "-rl", SECRET, str(council.settings.home), str(pgp._base())]
    return subprocess.run(search, capture_output=True, text=True, check=False).stdout


def test_encrypted_extracts_are_read_packed_or_not_and_leave_no_plain_text(
    agreed: Council, housing_pgp: Sender
) -> None:
    text = tenancies(3, surname=SECRET).encode()
    put(agreed, housing_pgp.encrypt(text, us(), "housing"))
    put(agreed, housing_pgp.encrypt(gzip.compress(text.replace(b"LA\n", b"RP\n")), us(), "housing"), 2, ".gz.gpg")
    assert agreed.night("housing_tenancies", "2019-05-02") == ["accepted", "accepted"]
    assert agreed.count("SELECT count(*) FROM core.source_record WHERE known_to = 'infinity'") == 3
    assert in_plain(agreed) == ""


@pytest.mark.parametrize(
    ("by", "to", "rule"),
    [(None, "us", "pgp_unsigned"), ("stranger", "us", "pgp_signer_unknown"), ("housing", "stranger", "pgp_not_for_us")],
)
def test_what_is_not_signed_by_the_partner_for_us_is_rejected_and_not_kept(
    agreed: Council, housing_pgp: Sender, by: str | None, to: str, rule: str
) -> None:
    data = housing_pgp.encrypt(tenancies(3, surname=SECRET).encode(), us() if to == "us" else to, by)
    name = put(agreed, data)
    assert agreed.night("housing_tenancies", "2019-05-01") == ["rejected"]
    assert rules(agreed, name) == [rule]
    assert agreed.count("SELECT count(*) FROM core.fact") == 0
    assert in_plain(agreed) == ""
    assert not [f for f in agreed.settings.landed.rglob("*") if f.is_file()]


def test_a_plain_file_under_an_encrypted_name_is_rejected(agreed: Council) -> None:
    name = put(agreed, tenancies(3).encode())
    assert agreed.night("housing_tenancies", "2019-05-01") == ["rejected"]
    assert rules(agreed, name) == ["pgp_not_encrypted"]


def test_a_file_that_came_before_its_key_is_read_once_the_key_is_there(agreed: Council, housing_pgp: Sender) -> None:
    (agreed.settings.home / "partners" / "housing" / "keys" / "housing.asc").unlink()
    name = put(agreed, housing_pgp.encrypt(tenancies(3).encode(), us(), "housing"))
    assert agreed.night("housing_tenancies", "2019-05-01") == ["held"]
    assert rules(agreed, name) == ["pgp_not_configured"]
    assert agreed.night("housing_tenancies", "2019-05-02") == ["held"]
    give_key(agreed, housing_pgp)
    assert agreed.night("housing_tenancies", "2019-05-03") == ["accepted"]
    assert agreed.housing.receipt(name)["status"] == "accepted"


def test_an_undeclared_column_of_an_encrypted_file_is_nowhere_and_nobody_can_release_it(
    agreed: Council, housing_pgp: Sender
) -> None:
    header, *rest = tenancies(3, surname=SECRET).splitlines()
    text = "\n".join([f"{header},hiv_status", *(f"{r},POSITIVE" for r in rest)]) + "\n"
    name = put(agreed, housing_pgp.encrypt(text.encode(), us(), "housing"))
    assert agreed.night("housing_tenancies", "2019-05-01") == ["held"]
    assert not [f for f in agreed.settings.landed.rglob("*") if f.is_file()]
    assert in_plain(agreed) == ""
    with pytest.raises(NeedsAPerson, match="cannot be released"):
        release(agreed.settings, name, "Ann", "a column too many")


def test_a_late_encrypted_file_is_replayed_with_the_others(agreed: Council, housing_pgp: Sender) -> None:
    for sequence in (3, 2):
        text = tenancies(3, start_on=f"2018-0{sequence}-01", surname=SECRET).encode()
        put(agreed, housing_pgp.encrypt(text, us(), "housing"), sequence)
        assert agreed.night("housing_tenancies", "2019-05-03") == ["accepted"]
    assert in_plain(agreed) == ""
