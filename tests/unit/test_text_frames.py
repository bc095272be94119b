"""The vectorised checks say exactly what the scalar ones say."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_integration.text import dates, frames, identifiers, postcodes

PAIRS = {
    "upn": (frames.upn, identifiers.upn),
    "nhs_number": (frames.nhs_number, identifiers.nhs_number),
    "nino": (frames.nino, identifiers.nino),
    "uprn": (frames.uprn, identifiers.uprn),
    "postcode": (frames.postcode, postcodes.postcode),
    "date": (lambda e: frames.date(e, "%Y-%m-%d"), dates.parse),
    "uk_date": (lambda e: frames.date(e, "%d/%m/%Y"), lambda t: dates.parse(t, "%d/%m/%Y")),
}
DIGITS = st.text("0123456789", min_size=9, max_size=12)
LIKELY = st.one_of(
    st.builds("".join, st.tuples(st.sampled_from(identifiers.UPN_ALPHABET), DIGITS, st.sampled_from("ABS0 9"))),
    DIGITS,
    st.builds(
        lambda p, d, s: f"{p}{d:06}{s}",
        st.text("ABGKNTZO", min_size=2, max_size=2),
        st.integers(0, 999999),
        st.sampled_from("ABCDEF"),
    ),
    st.sampled_from(
        ["CT1 1AA", "ec1a1bb", "CT11A", "943 476 5870", "B801200005001", "b801200005001 ", "0000000000", "3333333333"]
    ),
    st.dates().map(str),
    st.dates().map(lambda d: d.strftime("%d/%m/%Y")),
    st.text(max_size=14),
)


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_both_forms_agree(name, data):
    vectorised, scalar = PAIRS[name]
    texts = data.draw(st.lists(LIKELY, min_size=1, max_size=20))
    found = pl.DataFrame({"t": texts}).select(vectorised(pl.col("t"))).to_series().to_list()
    assert found == [scalar(t) for t in texts]


@pytest.mark.parametrize("name", PAIRS)
def test_null_stays_null(name):
    assert pl.DataFrame({"t": [None]}, schema={"t": pl.String}).select(PAIRS[name][0](pl.col("t"))).item() is None
