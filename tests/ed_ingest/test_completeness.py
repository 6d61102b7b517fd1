from datetime import date

import pandas as pd
import pytest

from ed_ingest.completeness import ITEMS, summarise
from tests.ed_ingest.contract_rows import assault_at, assaults

ALL_PRESENT = (1 << len(ITEMS)) - 1
NAMES = {"marford": "Marford General Hospital"}
MONTHS = [str(m) for m in pd.period_range("2025-04", "2026-03", freq="M")]


def year(**changes) -> pd.DataFrame:
    """Two assaults a month for a year."""
    rows = [assault_at(pd.Timestamp(f"{month}-10 22:15"), **changes) for month in MONTHS]
    return assaults(*rows, *rows).assign(items_present=ALL_PRESENT)


def deliveries(days_after: int = 8) -> pd.DataFrame:
    first = pd.to_datetime(pd.Series(MONTHS) + "-01").astype("datetime64[s]")
    last = first + pd.offsets.MonthEnd(0)
    return pd.DataFrame(
        {
            "batch_id": [f"b{i}" for i in range(12)],
            "provider": "marford",
            "received_at": last + pd.Timedelta(days=days_after, hours=7),
            "period_from": first,
            "period_to": last,
            "n_read": 2,
            "n_stored": 2,
            **dict.fromkeys(["n_outdated", "n_held_back", "n_not_assault", "n_duplicate"], 0),
        }
    )


def held(*rows: dict) -> pd.DataFrame:
    base = {"batch_id": "b11", "provider": "marford", "month": None, "items_present": 0}
    table = pd.DataFrame([{**base, **row} for row in rows], columns=list(base))
    return table.astype({"month": "str", "items_present": "int64"})


def summary(rows, held_back=None, batches=None, names=NAMES):
    held_back = held() if held_back is None else held_back
    batches = deliveries() if batches is None else batches
    return summarise(rows, held_back, batches, provider_names=names, month_to="2026-03")


def test_a_year_of_good_months_passes():
    found = summary(year())

    assert (found.period_from, found.period_to) == (date(2025, 4, 1), date(2026, 3, 31))
    assert (found.n_rows, found.n_complete, found.n_mapped, found.n_held_back) == (24, 24, 24, 0)
    assert found.months["passed"].all()
    assert found.partnership_passed


def test_one_late_month_fails_the_partnership():
    batches = deliveries()
    batches.loc[4, "received_at"] = batches.loc[4, "received_at"] + pd.Timedelta(days=40)

    found = summary(year(), batches=batches)

    assert found.months["passed"].tolist() == [m != "2025-08" for m in MONTHS]
    assert not found.partnership_passed


def test_the_summary_says_what_a_month_had_to_meet():
    found = summarise(
        year(), held(), deliveries(), provider_names=NAMES, month_to="2026-03",
        usable_share=0.8, late_days=7,
    )  # fmt: skip

    assert (found.usable_share, found.late_days) == (0.8, 7)
    assert not found.months["passed"].any()


def test_one_hospital_that_sends_nothing_fails_the_partnership_and_is_shown():
    found = summary(year(), names={**NAMES, "st-teilo": "St Teilo’s Infirmary"})

    silent = found.items[found.items["provider"] == "st-teilo"]
    assert len(silent) == 14
    assert silent["n"].eq(0).all()
    assert not found.partnership_passed


def test_rows_held_back_count_against_their_hospital():
    # 24 stored rows and 6 held back without any item: 24 of 30 are complete.
    found = summary(year(), held(*[{"month": "2026-03"}] * 6))

    type_row = found.items[found.items["item"] == "type"].iloc[0]
    assert (type_row["n"], type_row["present"], type_row["usable"]) == (30, 24, 24)
    assert (found.n_rows, found.n_held_back) == (30, 6)
    # March has 2 usable of 8 rows, under a half.
    assert found.months["passed"].tolist() == [m != "2026-03" for m in MONTHS]


def test_a_row_held_back_without_a_date_belongs_to_its_deliverys_month():
    found = summary(year(), held({"batch_id": "b3"}))

    assert found.months.set_index("month")["n"]["2025-07"] == 3


@pytest.mark.parametrize("month", ["1925-03", "0001-01", "2062-07", "2025-12"])
def test_a_row_held_back_for_an_impossible_date_belongs_to_its_deliverys_month(month):
    # b3 is July's delivery and came in August 2025.
    found = summary(year(), held({"batch_id": "b3", "month": month}))

    assert found.months.set_index("month")["n"]["2025-07"] == 3
    assert found.n_held_back == 1


def test_other_sources_are_not_summed_with_hospitals():
    other = year(provider="ambulance", source="ambulance")
    both = pd.concat([year(), other], ignore_index=True)

    found = summary(both, names={**NAMES, "ambulance": "Ambulance service"})

    assert list(found.items["provider"].unique()) == ["marford"]
    assert found.n_rows == 24


def test_months_outside_the_period_do_not_count():
    early = assaults(assault_at(pd.Timestamp("2025-03-31 22:00"))).assign(items_present=0)

    found = summary(pd.concat([year(), early], ignore_index=True))

    assert found.n_rows == 24


def test_complete_rows_are_counted_by_month():
    rows = year()
    rows.loc[0, "assault_method"] = "unknown"

    assert summary(rows).months["complete"].tolist() == [1, *[2] * 11]


def test_tables_have_the_columns_that_gate_two_reads():
    found = summary(year(), held({"month": "2026-03"}))

    assert list(found.items.columns) == [
        "provider", "name", "item", "title", "national_2009", "n", "present", "valid", "usable",
    ]  # fmt: skip
    assert list(found.months.columns) == [
        "provider", "name", "month", "n", "type_usable", "time_usable", "location_usable",
        "complete", "received_on", "days_after_month", "passed", "received",
    ]  # fmt: skip
    assert list(found.asks.columns) == [
        "provider", "name", "item", "title", "received_instead", "n",
    ]  # fmt: skip
    assert found.asks.set_index("item")["title"]["row"] == "Whole row"


@pytest.mark.parametrize("rows", [year().iloc[:0], year().iloc[:1]])
def test_few_or_no_rows_give_a_summary(rows):
    found = summary(rows, batches=deliveries().iloc[: len(rows)])

    assert found.n_rows == len(rows)
    assert len(found.months) == 12
    assert not found.partnership_passed


def test_without_hospitals_nothing_passes():
    found = summary(year().iloc[:0], batches=deliveries().iloc[:0], names={})

    assert found.items.empty
    assert not found.partnership_passed


def test_each_hospital_has_its_sums():
    home = {"location_type": "own_home", "location_level": "withheld"}
    rows = year()
    for name, value in home.items():
        rows.loc[0, name] = value
    rows.loc[1, "assault_method"] = "unknown"

    line = summary(rows, held(*[{"month": "2026-03"}] * 6)).providers.iloc[0]

    assert line["n"] == line["n_stored"] + line["n_held_back"] == 24 + 6
    assert (line["n_complete"], line["n_mapped"], line["n_home"], line["n_linkable"]) == (
        23, 23, 1, 23,
    )  # fmt: skip
    assert (line["months_passed"], line["months_received"], line["frequency"]) == (
        11,
        12,
        "monthly",
    )


def test_what_2009_measured_is_receipt_and_not_how_many_rows():
    # In each month one of two rows has a time: half passes at 0.5 and not at 0.8.
    rows = year()
    rows.loc[: len(MONTHS) - 1, "time_precision"] = "date"
    found = summarise(
        rows, held(), deliveries(), provider_names=NAMES, month_to="2026-03", usable_share=0.8
    )

    assert not found.partnership_passed
    assert found.partnership_received
    assert found.received_by_any


def test_one_silent_hospital_leaves_the_data_received_by_the_partnership_from_another():
    found = summary(year(), names={**NAMES, "st-teilo": "St Teilo’s Infirmary"})

    assert not found.partnership_received
    assert found.received_by_any


def test_the_history_goes_back_beyond_the_year_and_is_told_by_item():
    early = assaults(assault_at(pd.Timestamp("2024-01-31 22:00"))).assign(items_present=0)
    found = summary(pd.concat([year(), early], ignore_index=True)).history

    own = found[found["item"] == "complete"]
    assert own["month"].tolist() == ["2024-01", *MONTHS]
    assert own["usable"].tolist() == [1, *[2] * 12]
    # No assault at premises: their details were asked of no row.
    assert found["item"].nunique() == 14


def test_rows_received_are_accounted_for_by_month():
    batches = deliveries()
    batches.loc[11, ["n_read", "n_held_back", "n_duplicate", "n_not_assault"]] = [12, 5, 2, 3]

    found = summary(year(), batches=batches).ledger

    parts = found[["n_stored", "n_outdated", "n_held_back", "n_not_assault", "n_duplicate"]]
    assert found["n_read"].tolist() == [2] * 11 + [12]
    assert (parts.sum(axis=1) == found["n_read"]).all()


def test_events_are_those_of_the_hospitals_in_the_months_shown():
    events = pd.DataFrame(
        [["marford", "2026-01", "New form", True], ["other", "2026-01", "New form", True],
         ["marford", "2015-01", "Long ago", True]],
        columns=["provider", "month", "event", "new_limits"],
    )  # fmt: skip
    found = summarise(
        year(), held(), deliveries(), provider_names=NAMES, month_to="2026-03", events=events
    )

    assert found.events["event"].tolist() == ["New form"]
