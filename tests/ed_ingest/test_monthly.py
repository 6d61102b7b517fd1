from datetime import date

import pandas as pd
import pytest

from ed_ingest.monthly import months_passed


def measures(month: str = "2026-03", n: int = 10, **usable: int) -> pd.DataFrame:
    counts = {"type": n, "time": n, "location": n, **usable}
    return pd.DataFrame(
        [{"provider": "marford", "month": month, "item": k, "n": n, "present": v, "usable": v}
         for k, v in counts.items()]
    )  # fmt: skip


def batch(received: str, first: str = "2026-03-01", last: str = "2026-03-31") -> dict:
    times = {"received_at": received, "period_from": first, "period_to": last}
    return {"provider": "marford", **{k: pd.Timestamp(v) for k, v in times.items()}}


def passed(found: pd.DataFrame, *batches: dict, month: str = "2026-03", **options) -> pd.Series:
    table = pd.DataFrame(batches)
    result = months_passed(found, table, providers=["marford"], months=[month], **options)
    return result.iloc[0]


def test_a_month_passes_when_each_item_is_usable_in_half_of_its_rows_and_came_in_time():
    assert passed(measures(time=5), batch("2026-04-08 07:30"))["passed"]
    assert not passed(measures(time=4), batch("2026-04-08 07:30"))["passed"]
    assert passed(measures(time=4), batch("2026-04-08 07:30"), usable_share=0.4)["passed"]


@pytest.mark.parametrize(
    ("received", "days", "in_time"), [("2026-05-01", 31, True), ("2026-05-02", 32, False)]
)
def test_a_delivery_is_late_after_31_days_from_the_months_end(received, days, in_time):
    row = passed(measures(), batch(received))

    assert row["days_after_month"] == days
    assert row["passed"] == in_time
    assert row["received_on"].date() == date.fromisoformat(received)


def test_a_correction_sent_later_does_not_make_the_month_late():
    assert passed(measures(), batch("2026-04-08"), batch("2026-07-01"))["days_after_month"] == 8


def test_a_delivery_before_the_months_end_leaves_it_open():
    row = passed(measures(), batch("2026-03-20", last="2026-03-19"))

    assert pd.isna(row["received_on"])
    assert pd.isna(row["days_after_month"])
    assert not row["passed"]


def test_the_last_of_weekly_deliveries_closes_the_month():
    weekly = [batch("2026-03-09", last="2026-03-08"), batch("2026-04-02", first="2026-03-25")]

    assert passed(measures(), *weekly)["days_after_month"] == 2


def test_a_delivery_of_another_month_is_not_this_months():
    row = passed(measures(), batch("2026-05-08", first="2026-04-01", last="2026-04-30"))

    assert pd.isna(row["received_on"])


def test_a_month_without_rows_has_not_passed():
    row = passed(measures(), batch("2026-04-08"), month="2026-02")

    assert row["n"] == 0
    assert not row["passed"]


def test_december_ends_with_the_year():
    found = measures("2025-12")
    row = passed(found, batch("2026-01-10", "2025-12-01", "2025-12-31"), month="2025-12")

    assert row["days_after_month"] == 10


def test_every_provider_and_month_has_a_line_even_without_any_delivery():
    none = pd.DataFrame([batch("2026-04-08")]).iloc[:0]
    nothing = measures().iloc[:0]

    table = months_passed(nothing, none, providers=["a", "b"], months=["2026-02", "2026-03"])

    assert list(zip(table["provider"], table["month"], strict=True)) == [
        ("a", "2026-02"), ("a", "2026-03"), ("b", "2026-02"), ("b", "2026-03"),
    ]  # fmt: skip
    assert not table["passed"].any()


def test_a_month_is_received_when_each_item_came_in_some_row_and_in_time():
    assert passed(measures(time=1), batch("2026-04-08"))["received"]
    assert not passed(measures(time=0), batch("2026-04-08"))["received"]
    assert not passed(measures(time=1), batch("2026-05-02"))["received"]
