"""Scalar normalisers: what counts as the same name, and which identifiers check."""

from datetime import date

import pytest

from tf_integration.text import dates, identifiers, names, postcodes
from tf_integration.text.cells import inert


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("B801200005001", "B801200005001"),
        ("b 8012 0000 5001", "B801200005001"),
        ("P207000016049", "P207000016049"),
    ],
)
def test_a_upn_with_the_right_check_letter_is_canonical(written, canonical):
    assert identifiers.upn(written) == canonical


@pytest.mark.parametrize(
    "written", ["A801200005001", "Q207000016049", "B80120000500", "X80120000A001", "", "B8012000050011"]
)
def test_a_upn_that_fails_its_check_is_none(written):
    assert identifiers.upn(written) is None


def test_a_temporary_upn_takes_its_last_letters_own_value():
    assert identifiers.upn("M80120000500A") == "M80120000500A"  # 80 + 13 x 0, and 80 mod 23 is M
    assert identifiers.upn("B80120000500B") == "B80120000500B"  # 80 + 13 x 1


def test_a_upn_of_an_authority_that_no_list_knows_still_checks():
    right = [c for c in identifiers.UPN_ALPHABET[:23] if identifiers.upn(f"{c}940200005001")]
    assert len(right) == 1


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("943 476 5870", "9434765870"),
        ("943-476-5870", "9434765870"),
        ("9434765871", None),
        ("1111111111", None),
        ("0000000000", None),
        ("943476587", None),
        ("94347658X0", None),
    ],
)
def test_an_nhs_number_needs_its_check_digit_and_is_no_placeholder(written, canonical):
    assert identifiers.nhs_number(written) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("ab 12 34 56 c", "AB123456C"),
        ("AB123456C", "AB123456C"),
        ("QQ123456C", None),
        ("AO123456C", None),
        ("BG123456A", None),
        ("ZZ123456A", None),
        ("AB123456E", None),
        ("AB123456", None),
    ],
)
def test_a_nino_has_a_form_that_is_given_out(written, canonical):
    assert identifiers.nino(written) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"), [("000010001234", "10001234"), ("10001234", "10001234"), ("0", None), ("1E5", None)]
)
def test_a_uprn_loses_its_leading_zeros(written, canonical):
    assert identifiers.uprn(written) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("ct11aa", "CT1 1AA"),
        (" CT1  1AA ", "CT1 1AA"),
        ("EC1A1BB", "EC1A 1BB"),
        ("W1A 0AX", "W1A 0AX"),
        ("CT1", None),
        ("QT1 1AA", None),
    ],
)
def test_a_postcode_has_one_form(written, canonical):
    assert postcodes.postcode(written) == canonical


def test_a_sector_and_a_district_are_coarser_than_a_postcode():
    assert (postcodes.sector("CT1 1AA"), postcodes.district("CT1 1AA")) == ("CT1 1", "CT1")
    assert postcodes.sector("nowhere") is None
    assert postcodes.district("nowhere") is None


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Zoë O'Brien-Smith", "ZOE OBRIEN SMITH"),
        ("  van  der Berg ", "VAN DER BERG"),
        ("Søren", "SOREN"),
        ("李", "李"),
        ("Straße", "STRASSE"),
    ],
)
def test_names_compare_without_accents_case_or_punctuation(written, plain):
    assert names.plain(written) == plain
    assert names.words(written) == plain.split()
    assert names.initial(written) == plain[:1]


@pytest.mark.parametrize(
    "written", ["2019-1-05", "2019-01- 5", "+019-01-05", "2019-02-30", "05/01/2019", "2019-01-05 ", "0000-01-01", ""]
)
def test_a_date_in_any_other_form_is_none(written):
    assert dates.parse(written) is None


def test_a_date_is_read_in_the_declared_format_only():
    assert dates.parse("05/01/2019", "%d/%m/%Y") == date(2019, 1, 5)
    assert dates.parse("2019-01-05", "%d/%m/%Y") is None


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-5.00", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u00a0=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize(("cell", "shown"), [("a=b", "a=b"), (" plain ", " plain "), ("", ""), (None, ""), (12, "12")])
def test_any_other_cell_stays_as_it_is(cell: object, shown: str) -> None:
    assert inert(cell) == shown
