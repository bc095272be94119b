"""What a held file may leave on our disk."""

from __future__ import annotations

from pathlib import Path

from tf_integration.land.open import remove_folder_files
from tf_integration.land.redact import digest_in_name, keep_declared
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
