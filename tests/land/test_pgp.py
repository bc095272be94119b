"""What comes under PGP is opened when it is encrypted to us and signed by that partner, and otherwise never."""

from __future__ import annotations

import gzip
import os
import random
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pgp_sender import Sender, sender

from tf_integration.land import pgp
from tf_integration.land.limits import Limits
from tf_integration.land.open import Unreadable, open_text
from tf_integration.model.errors import CallError, ServiceError
from tf_integration.model.settings import PartnerServer, Settings

ROWS = b"a,b\n" + b"1,2\n" * 50_000
NOISE = random.Random(1).randbytes(5000)  # always the same: some noise begins as a file for another key does
pytestmark = pytest.mark.skipif(not shutil.which("gpg"), reason="the machine has no gpg")


@dataclass
class World:
    them: Sender
    keys: pgp.Keys
    folder: Path


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Our key, the partner's, a stranger's, and one that has expired; all made by real gpg."""
    folder = tmp_path_factory.mktemp("pgp")
    with sender() as them:
        for who in ("partner", "stranger"):
            them.key(who)
        them.key("us", born="20200101T000000")
        them.key("late", expires="2020-02-01", born="20200101T000000")
        for who in ("partner", "stranger", "late"):
            (folder / f"{who}.asc").write_text(them.public(who))
        (folder / "us.asc").write_text(them.secret("us"))
        yield World(them, pgp.Keys(folder / "us.asc", (folder / "partner.asc",)), folder)


def opened(tmp_path: Path, data: bytes, limits: Limits, keys: pgp.Keys, *, packed: bool = False) -> bytes:
    file = tmp_path / "data.gpg"
    file.write_bytes(data)
    text = open_text(file, tmp_path / "plain", "utf-8", limits, is_gzip=packed, is_pgp=True, keys=keys)
    return text.read_bytes()


def refusal(tmp_path: Path, data: bytes, limits: Limits, keys: pgp.Keys, *, packed: bool = False) -> str:
    with pytest.raises(Unreadable) as caught:
        opened(tmp_path, data, limits, keys, packed=packed)
    assert not (tmp_path / "plain").exists()
    assert rings() == []
    return caught.value.rule


def rings() -> list[Path]:
    return list(pgp._base().glob(f"tfi-pgp-{os.getpid()}-*"))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("armour", [(), ("--armor",)])
def test_a_file_for_us_by_the_partner_is_read(
    world: World, tmp_path: Path, limits: Limits, packed: bool, armour: tuple[str, ...]
) -> None:
    sent = world.them.encrypt(gzip.compress(ROWS) if packed else ROWS, "us", "partner", *armour)
    assert opened(tmp_path, sent, limits, world.keys, packed=packed) == ROWS
    assert (tmp_path / "plain").stat().st_mode & 0o077 == 0
    assert rings() == []


FAULTS: dict[str, Callable[[Sender], bytes]] = {
    "pgp_not_encrypted": lambda them: ROWS,
    "pgp_unsigned": lambda them: them.encrypt(ROWS, "us", None),
    "pgp_not_for_us": lambda them: them.encrypt(ROWS, "partner", "partner"),
    "pgp_signer_unknown": lambda them: them.encrypt(ROWS, "us", "stranger"),
    "pgp_signature_expired": lambda them: them.encrypt(ROWS, "us", "late", "--faked-system-time=20200115T000000"),
    "pgp_damaged": lambda them: them.encrypt(ROWS, "us", "partner")[:-20],
}


@pytest.mark.parametrize("rule", FAULTS)
def test_anything_else_is_refused_by_its_own_rule(world: World, tmp_path: Path, limits: Limits, rule: str) -> None:
    keys = replace(world.keys, theirs=(*world.keys.theirs, world.folder / "late.asc"))
    assert refusal(tmp_path, FAULTS[rule](world.them), limits, keys) == rule


@pytest.mark.parametrize(
    ("damage", "rules"),
    [
        (lambda d: d[: len(d) // 2], {"pgp_damaged"}),
        (lambda d: d[:-200] + bytes([d[-200] ^ 1]) + d[-199:], {"pgp_damaged"}),
        (lambda d: d + b"rubbish", {"pgp_damaged"}),
        (lambda d: d + d, {"pgp_damaged", "pgp_signature_wrong"}),
        (lambda d: d[:40], {"pgp_damaged", "pgp_not_for_us", "pgp_not_encrypted"}),
        (lambda d: b"", {"pgp_not_encrypted"}),
        (lambda d: NOISE, {"pgp_not_encrypted", "pgp_damaged"}),
        (lambda d: gzip.compress(ROWS), {"pgp_not_encrypted"}),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_damaged_bytes_are_refused(
    world: World, tmp_path: Path, limits: Limits, damage: Callable[[bytes], bytes], rules: set[str], packed: bool
) -> None:
    sent = world.them.encrypt(gzip.compress(ROWS) if packed else ROWS, "us", "partner")
    assert refusal(tmp_path, damage(sent), limits, world.keys, packed=packed) in rules


def test_signed_and_not_encrypted_or_locked_by_a_word_alone_is_refused(
    world: World, tmp_path: Path, limits: Limits
) -> None:
    signed = world.them.run("--sign", "--local-user", "partner", stdin=ROWS)
    assert refusal(tmp_path, signed, limits, world.keys) == "pgp_not_encrypted"
    word = ("--pinentry-mode", "loopback", "--passphrase", "word", "--symmetric")
    locked = world.them.run(*word, "--sign", "--local-user", "partner", stdin=ROWS)
    assert refusal(tmp_path, locked, limits, world.keys) in ("pgp_not_encrypted", "pgp_damaged")


def test_the_signature_of_other_bytes_is_wrong(world: World, tmp_path: Path, limits: Limits) -> None:
    """Signed packets are changed and then encrypted as they are, so that only the signature can tell."""
    signed = world.them.run("--sign", "--local-user", "partner", "-z", "0", stdin=b"1,2\n" * 20)
    for text, rule in ((signed.replace(b"1,2\n", b"9,9\n", 1), "pgp_signature_wrong"), (signed, "")):
        sent = world.them.run("-z", "0", "--encrypt", "--no-literal", "--recipient", "us", stdin=text)
        if rule:
            assert refusal(tmp_path, sent, limits, world.keys) == rule
        else:
            assert opened(tmp_path, sent, limits, world.keys) == b"1,2\n" * 20


def test_what_is_wrong_outside_is_said_before_what_is_wrong_inside(
    world: World, tmp_path: Path, limits: Limits
) -> None:
    for inside in (b"no gzip at all", gzip.compress(ROWS)[:-9]):
        sent = world.them.encrypt(inside, "us", "stranger")
        assert refusal(tmp_path, sent, limits, world.keys, packed=True) == "pgp_signer_unknown"
    sent = world.them.encrypt(gzip.compress(ROWS)[:-9], "us", "partner")
    assert refusal(tmp_path, sent, limits, world.keys, packed=True) == "gzip_truncated"


@pytest.mark.parametrize("packed", [False, True])
def test_a_bomb_within_is_refused_in_bounded_memory(
    world: World, tmp_path: Path, limits: Limits, packed: bool
) -> None:
    big = b"a" * 300_000_000
    sent = world.them.encrypt(gzip.compress(big) if packed else big, "us", "partner", "--compress-algo", "zlib")
    assert len(sent) < 2_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    small = limits.model_copy(update={"line_bytes": 10**12, "ratio_from_bytes": 1_000_000})
    assert refusal(tmp_path, sent, small, world.keys, packed=packed) == "bomb"
    small = limits.model_copy(update={"line_bytes": 10**12, "unpacked_bytes": 5_000_000, "unpacked_ratio": 10**6})
    assert refusal(tmp_path, sent, small, world.keys, packed=packed) == "too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_no_program_is_left_behind(world: World, tmp_path: Path, limits: Limits) -> None:
    opened(tmp_path, world.them.encrypt(ROWS, "us", "partner"), limits, world.keys)
    ours = subprocess.run(["pgrep", "-af", f"tfi-pgp-{os.getpid()}-"], capture_output=True, text=True, check=False)
    assert "gpg-agent" not in ours.stdout


def test_without_a_key_of_ours_or_of_theirs_it_is_not_tried(world: World, tmp_path: Path, limits: Limits) -> None:
    sent = world.them.encrypt(ROWS, "us", "partner")
    for keys in (pgp.Keys(None), pgp.Keys(world.keys.ours), pgp.Keys(None, world.keys.theirs)):
        assert refusal(tmp_path, sent, limits, keys) == "pgp_not_configured"


def test_a_key_file_of_ours_that_is_none_is_a_wrong_setting(world: World, tmp_path: Path, limits: Limits) -> None:
    (tmp_path / "bad.asc").write_text("no key")
    with pytest.raises(CallError, match="private key cannot be read"):
        opened(tmp_path, b"x", limits, replace(world.keys, ours=tmp_path / "bad.asc"))


def test_a_machine_without_gpg_says_so(
    world: World, tmp_path: Path, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceError, match="gpg cannot be started"):
        opened(tmp_path, b"x", limits, world.keys)


def test_our_key_is_made_once_and_opens_what_is_encrypted_to_it(
    world: World, tmp_path: Path, limits: Limits
) -> None:
    settings = Settings(home=tmp_path)
    assert pgp.make_our_key(settings)
    private = settings.pgp_private_key.read_text()
    assert pgp.make_our_key(settings)
    assert settings.pgp_private_key.read_text() == private
    assert settings.pgp_private_key.stat().st_mode & 0o077 == 0
    with sender() as them:
        taken = them.gpg.import_keys((tmp_path / "secrets" / "pgp_public_key.asc").read_text()).fingerprints[0]
        them.gpg.import_keys(world.them.secret("partner"))
        sent = them.encrypt(ROWS, taken, "partner")
    assert opened(tmp_path, sent, limits, replace(world.keys, ours=settings.pgp_private_key)) == ROWS


def test_keys_stand_in_the_partners_folder_or_in_the_settings(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "partners" / "police" / "keys"
    folder.mkdir(parents=True)
    for name in ("b.asc", "a.gpg", "notes.txt"):
        (folder / name).write_text("")
    server = PartnerServer(host="h", username="u", key_file=tmp_path, host_key="k", pgp_keys=[world.folder / "us.asc"])
    found = pgp.keys_of(Settings(home=tmp_path, partners={"police": server}), "police")
    assert [f.name for f in found.theirs] == ["a.gpg", "b.asc", "us.asc"]
    assert found.ours is None
    assert pgp.keys_of(Settings(home=tmp_path), "housing").theirs == ()
    assert pgp.keys_of(Settings(home=tmp_path, pgp_key_file=world.keys.ours), "housing").ours == world.keys.ours


def test_rings_of_killed_runs_are_swept(world: World, tmp_path: Path, limits: Limits) -> None:
    done = subprocess.Popen(["true"])
    done.wait()
    left = pgp._base() / f"tfi-pgp-{done.pid}-left"
    left.mkdir()
    assert refusal(tmp_path, b"x", limits, world.keys) == "pgp_not_encrypted"
    assert not left.exists()
