from datetime import date

from tf_integration.model.calendar import birthday, less_months, load_terms


def test_months_clamp_to_the_last_day():
    assert less_months(date(2019, 8, 31), 6) == date(2019, 2, 28)
    assert less_months(date(2020, 8, 31), 6) == date(2020, 2, 29)


def test_29_february_comes_of_age_on_1_march():
    assert birthday(date(2000, 2, 29), 18) == date(2018, 3, 1)
    assert birthday(date(2000, 2, 29), 16) == date(2016, 2, 29)


def test_shipped_terms_are_the_example_countys():
    autumn = [t for t in load_terms() if t.school_year == "2018/19" and t.term == "autumn"]
    assert [(t.starts_on, t.ends_on) for t in autumn] == [
        (date(2018, 9, 3), date(2018, 10, 19)),
        (date(2018, 10, 29), date(2018, 12, 20)),
    ]
