"""Opening a landed file: what cannot be trusted or read stops here, in bounded memory."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from tf_integration.land.limits import Limits
from tf_integration.land.open import Unreadable, open_text

ROWS = b"a,b\n" + b"1,2\n" * 50_000


def opened(
    tmp_path: Path, data: bytes, limits: Limits, *, packed: bool = False, pgp: bool = False, encoding: str = "utf-8"
) -> bytes:
    file = tmp_path / "data"
    file.write_bytes(data)
    return open_text(file, tmp_path / "plain", encoding, limits, is_gzip=packed, is_pgp=pgp).read_bytes()


def refusal(tmp_path: Path, data: bytes, limits: Limits, **how: bool) -> tuple[str, int | None]:
    with pytest.raises(Unreadable) as caught:
        opened(tmp_path, data, limits, **how)  # type: ignore[arg-type]
    assert not (tmp_path / "plain").exists()
    return caught.value.rule, caught.value.line_no


def test_plain_text_is_read_where_it_lies(tmp_path: Path, limits: Limits) -> None:
    assert opened(tmp_path, ROWS, limits) == ROWS
    assert not (tmp_path / "plain").exists()


def test_a_gzip_file_of_several_members_with_padding_is_joined(tmp_path: Path, limits: Limits) -> None:
    packed = gzip.compress(ROWS) + gzip.compress(b"3,4\n") + b"\0" * 512
    assert opened(tmp_path, packed, limits, packed=True) == ROWS + b"3,4\n"


@pytest.mark.parametrize("cut", [1, 4, 8, 100])
def test_a_truncated_gzip_file_is_refused(tmp_path: Path, limits: Limits, cut: int) -> None:
    assert refusal(tmp_path, gzip.compress(ROWS)[:-cut], limits, packed=True)[0] == "gzip_truncated"


def test_a_gzip_file_whose_checksum_is_wrong_is_refused(tmp_path: Path, limits: Limits) -> None:
    packed = bytearray(gzip.compress(ROWS))
    packed[-6] ^= 1
    assert refusal(tmp_path, bytes(packed), limits, packed=True)[0] == "gzip_damaged"


def test_a_file_that_is_no_gzip_is_refused_and_never_read_as_plain(tmp_path: Path, limits: Limits) -> None:
    assert refusal(tmp_path, ROWS, limits, packed=True)[0] == "gzip_damaged"
    assert refusal(tmp_path, gzip.compress(ROWS) + b"rubbish", limits, packed=True)[0] == "gzip_damaged"


def test_an_empty_gzip_file_is_truncated(tmp_path: Path, limits: Limits) -> None:
    assert refusal(tmp_path, b"", limits, packed=True)[0] == "gzip_truncated"


def test_a_bomb_is_refused_long_before_it_is_unpacked(tmp_path: Path, limits: Limits) -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as bomb:
        for _ in range(200):
            bomb.write((b"," * 99_999 + b"\n") * 10)
    assert refusal(tmp_path, out.getvalue(), limits, packed=True)[0] == "bomb"


def test_the_unpacked_size_has_a_cap_of_its_own(tmp_path: Path, limits: Limits) -> None:
    small = limits.model_copy(update={"unpacked_bytes": 1000})
    assert refusal(tmp_path, gzip.compress(ROWS), small, packed=True)[0] == "too_large"
    assert refusal(tmp_path, ROWS, small)[0] == "too_large"


def test_an_encrypted_file_is_never_opened_as_plain(tmp_path: Path, limits: Limits) -> None:
    assert refusal(tmp_path, ROWS, limits, pgp=True)[0] == "pgp_not_configured"


def test_utf_16_is_known_by_its_nuls(tmp_path: Path, limits: Limits) -> None:
    assert refusal(tmp_path, ROWS.decode().encode("utf-16"), limits)[0] == "nul_throughout"
    assert refusal(tmp_path, b"\0" * 10_000_000, limits)[0] == "nul_throughout"


def test_one_nul_is_left_to_its_row(tmp_path: Path, limits: Limits) -> None:
    assert opened(tmp_path, ROWS + b"\0,5\n", limits).endswith(b"\0,5\n")


def test_another_encoding_is_refused_with_its_line(tmp_path: Path, limits: Limits) -> None:
    assert refusal(tmp_path, ROWS + "Zoë,1\n".encode("cp1252"), limits) == ("wrong_encoding", 50_002)
    assert refusal(tmp_path, ROWS + "Zoë".encode()[:-1], limits) == ("wrong_encoding", 50_002)


def test_a_character_that_two_blocks_share_is_whole(tmp_path: Path, limits: Limits) -> None:
    odd = limits.model_copy(update={"block_bytes": 7})
    text = "é李,ñ\n".encode() * 50
    assert opened(tmp_path, text, odd) == text
    assert opened(tmp_path, "é\n".encode("cp1252"), odd, encoding="cp1252") == "é\n".encode("cp1252")


def test_a_line_without_end_is_refused_before_it_is_read_whole(tmp_path: Path, limits: Limits) -> None:
    assert refusal(tmp_path, ROWS + b"x" * 3_000_000, limits) == ("line_too_long", 50_002)
    assert opened(tmp_path, ROWS + b"x" * 1_000_000 + b"\n", limits)
