"""What a held file may leave on our disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tf_integration.land.open import remove_folder_files
from tf_integration.land.redact import copy_without, digest_in_name, keep_declared, only_keep
from tf_integration.land.unreadable import Unreadable
from tf_integration.model.feed import Dialect


def kept(tmp_path: Path, text: str, dialect: Dialect | None = None) -> Path | None:
    folder = tmp_path / "77"
    folder.mkdir(exist_ok=True)
    (folder / "data.csv").write_text(text)
    return keep_declared(folder / "data.csv", folder, ["a", "b"], dialect or Dialect())


def test_an_undeclared_column_is_on_no_disk_of_ours(tmp_path: Path) -> None:
    file = kept(tmp_path, '\ufeffa,hiv_status,b\n1,POSITIVE,"x, y"\n2,POSITIVE,z\n')
    assert file is not None
    assert file.read_text() == 'a,b\n1,"x, y"\n2,z\n'
    assert list((tmp_path / "77").iterdir()) == [file]
    assert digest_in_name(file) is not None


def test_a_ragged_row_keeps_its_line_and_none_of_its_cells(tmp_path: Path) -> None:
    file = kept(tmp_path, "a,hiv_status,b\n1,POSITIVE,2,POSITIVE\n3,POSITIVE,4\n")
    assert file is not None
    lines = file.read_text().splitlines()
    assert "POSITIVE" not in file.read_text()
    assert lines[1].count(",") == 2
    assert lines[2] == "3,4"


def test_a_declared_trailer_and_the_place_of_the_header_stay(tmp_path: Path) -> None:
    file = kept(tmp_path, "secret preamble\na,c,b\n1,2,3\nTRAILER,1\n", Dialect(preamble_lines=1, trailer=True))
    assert file is not None
    assert file.read_text() == "\na,b\n1,3\nTRAILER,1\n"


def test_a_file_that_cannot_be_taken_apart_is_not_kept_at_all(tmp_path: Path) -> None:
    assert kept(tmp_path, "") is None
    assert not (tmp_path / "77").exists()
    assert not (tmp_path / "77.kept").exists()
    remove_folder_files(tmp_path / "77")


def test_a_quote_that_does_not_pair_stores_no_undeclared_value(tmp_path: Path) -> None:
    text = 'a,hiv_status,b\n1,SECRET1,"Open\n2,SECRET2,z\n3,SECRET3,"x "" y"\n"4,SECRET4,z\n5,SECRET5,end\n'
    file = kept(tmp_path, text)
    assert file is not None
    assert "SECRET" not in file.read_text()
    assert file.read_text().splitlines() == ["a,b", ",,", "2,z", '3,"x "" y"', ",,", "5,end"]


def without(tmp_path: Path, text: str | bytes, *values: str, dialect: Dialect | None = None) -> bytes | None:
    """What a copy without these values of `a` holds; the file as it came stands beside it until it is told to go."""
    folder = tmp_path / "78"
    remove_folder_files(folder)
    folder.mkdir()
    came = folder / "data.csv"
    came.write_bytes(text if isinstance(text, bytes) else text.encode())
    copy = copy_without(came, folder, "a", set(values), dialect or Dialect())
    assert came.exists()
    assert not (tmp_path / "78.kept").exists()
    if copy is None:
        assert list(folder.iterdir()) == [came]
        return None
    only_keep(copy)
    assert list(folder.iterdir()) == [copy]
    return copy.read_bytes()


def test_somebodys_rows_become_empty_lines_and_every_other_keeps_its_line(tmp_path: Path) -> None:
    text = '\ufeffa,b\nX1,one\nX2,"two\nlines"\nX3,three\nX2,again\n'
    assert without(tmp_path, text, "X2") == '\ufeffa,b\nX1,one\n\n\nX3,three\n\n'.encode()
    assert without(tmp_path, text, "X9") is None
    assert without(tmp_path, text, "X") is None                     # a part of a value is not the value


def test_an_open_quote_hides_nobody_and_costs_nobody_else_their_line(tmp_path: Path) -> None:
    text = 'a,b\nX0,"Open\nX1,Zeb\nX2,"Open\nX3,three\n'
    assert without(tmp_path, text, "X1") == b"a,b\n\n\n\nX3,three\n"     # what was refused is nobody's: it goes too
    assert without(tmp_path, text, "X2") == b"a,b\n\nX1,Zeb\n\nX3,three\n"
    assert without(tmp_path, text, "X3") == b"a,b\n\nX1,Zeb\n\n\n"
    assert without(tmp_path, 'a,b\nX0,"Open\nX1,Zeb\n', "X7") is None


def test_a_cell_of_any_length_stops_nothing(tmp_path: Path) -> None:
    long = "x" * 140_000
    assert without(tmp_path, f"a,b\nX0,{long}\nX1,Zeb\nX2,two\n", "X1") == b"a,b\n\n\nX2,two\n"
    assert without(tmp_path, f"a,b\nX1,{long}\nX2,two\n", "X1") == b"a,b\n\nX2,two\n"


def test_a_trailer_counts_what_is_left_and_another_encoding_stays(tmp_path: Path) -> None:
    dialect = Dialect(trailer=True, encoding="cp1252", delimiter=";", preamble_lines=1)
    text = "from us\na;b\nX1;Zoë\nX2;two\nTRAILER;2\n".encode("cp1252")
    left = "from us\na;b\nX1;Zoë\n\nTRAILER;1\n".encode("cp1252")
    assert without(tmp_path, text, "X2", dialect=dialect) == left


def test_a_file_longer_than_a_block_is_told_apart_all_the_same(tmp_path: Path) -> None:
    rows = [f'X{n},"{"y" * 50}, {n}"' for n in range(100_000)]
    left = without(tmp_path, "\n".join(["a,b", *rows]) + "\n", "X77777")
    assert left is not None
    lines = left.decode().splitlines()
    assert [n for n, line in enumerate(lines) if not line] == [77_778]
    assert lines[77_779] == rows[77_778]


def test_a_file_without_the_column_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        without(tmp_path, "b,c\nX1,two\n", "X1")
