"""Days and months that were exchanged are counted where they show: above the twelfth."""

from datetime import date, timedelta

from conform.deliveries import text_of
from tf_integration import conform

ON = date(2019, 6, 3)


def file_of(feed, days, tmp_path):
    said = {"surname": "A", "role": "tenant", "tenure": "LA"}
    rows = [said | {"person_ref": f"P{n}", "tenancy_ref": f"T{n}", "start_on": d} for n, d in enumerate(days)]
    file = tmp_path / "f.csv"
    file.write_text(text_of(feed, rows))
    return file


def test_exchanged_days_are_counted_with_how_many_differ(tmp_path, feeds):
    feed = feeds["housing_tenancies"]
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(100)]
    swapped = [d.strftime("%Y-%d-%m") for d in days]
    measures = conform.inspect(file_of(feed, swapped, tmp_path), feed, ON).measures
    above = sum(d.day > 12 for d in days)
    assert (measures["exchanged_cells"], measures["exchanged_days"]) == (above, above)
    measures = conform.inspect(file_of(feed, ["2018-30-01"] * 50, tmp_path), feed, ON).measures
    assert (measures["exchanged_cells"], measures["exchanged_days"]) == (50, 1)


def test_other_bad_days_are_not_taken_for_exchanged_ones(tmp_path, feeds):
    feed = feeds["housing_tenancies"]
    for day in ("2018-99-01", "2018-02-30", "01/02/2018", "", "2018-01-02", "later"):
        assert "exchanged_cells" not in conform.inspect(file_of(feed, [day] * 5, tmp_path), feed, ON).measures
