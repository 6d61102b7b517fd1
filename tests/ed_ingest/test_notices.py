from datetime import date, timedelta

import pandas as pd
import pytest

from ed_ingest.notices import Sender, standing_notices

TODAY = date(2026, 3, 1)
NOTHING = pd.DataFrame(columns=["provider", "received_at", "period_from", "period_to"])


def sender(**agreement) -> Sender:
    values = {
        "id": "st-marys",
        "reference": "ISA-1",
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2030, 1, 1),
        "frequency": "monthly",
    }
    return Sender(**{**values, **agreement})


def came(last: str = "2026-01", first: str = "2025-01") -> pd.DataFrame:
    months = pd.period_range(first, last, freq="M")
    return pd.DataFrame(
        {
            "provider": "st-marys",
            "received_at": months.end_time.normalize() + pd.Timedelta(days=5),
            "period_from": months.start_time,
            "period_to": months.end_time,
        }
    )


def told(deliveries=None, **agreement):
    table = came() if deliveries is None else deliveries
    return standing_notices([sender(**agreement)], table, today=TODAY)


@pytest.mark.parametrize(
    ("agreement", "states"),
    [
        ({}, []),
        ({"reference": "not recorded"}, ["warning"]),
        ({"valid_to": None}, ["warning"]),
        ({"valid_from": None}, []),
        ({"valid_to": None, "valid_from": None}, ["warning"]),
        ({"valid_to": None, "valid_from": None, "open_data": True}, []),
        ({"valid_to": TODAY - timedelta(days=1)}, ["fault"]),
        ({"valid_to": TODAY}, ["warning"]),
        ({"valid_to": TODAY + timedelta(days=60)}, ["warning"]),
        ({"valid_to": TODAY + timedelta(days=61)}, []),
        ({"valid_from": TODAY + timedelta(days=1)}, ["fault"]),
        ({"valid_from": TODAY}, []),
        ({"minimum_withheld": ("time",)}, ["warning"]),
    ],
)
def test_an_agreement_must_be_recorded_in_force_and_of_the_minimum_data_set(agreement, states):
    assert [notice.state for notice in told(**agreement)] == states


def test_how_long_before_its_end_an_agreement_is_told_can_be_set():
    ends = sender(valid_to=TODAY + timedelta(days=90))

    found = standing_notices([ends], came(), today=TODAY, expiry_days=90)

    assert [n.sentence for n in found] == ["The agreement ends in 90 days, on 30 May 2026."]


def test_who_never_delivered_is_told_unless_no_agreement_is_in_force():
    assert [n.sentence for n in told(NOTHING)] == ["Nothing was received yet."]
    ended = told(NOTHING, valid_to=TODAY - timedelta(days=1))
    begins = told(NOTHING, valid_from=TODAY + timedelta(days=1))

    assert [n.state for n in ended + begins] == ["fault", "fault"]


def test_who_has_no_agreement_any_more_is_not_late():
    late = told(came("2025-10"))
    ended = told(came("2025-10"), valid_to=TODAY - timedelta(days=1))

    assert "none has come for November 2025 and December 2025" in late[0].sentence
    assert [n.state for n in ended] == ["fault"]


def test_open_data_are_never_late():
    assert told(came("2025-06"), open_data=True) == []


def test_of_many_missing_months_the_newest_are_named():
    (found,) = told(came("2025-06"))

    assert "October 2025, November 2025 and December 2025 (3 earlier)" in found.sentence


def test_a_notice_keeps_its_name_until_something_else_is_to_be_told():
    first = standing_notices([sender()], came("2025-12"), today=date(2026, 3, 4))
    later = standing_notices([sender()], came("2025-12"), today=date(2026, 3, 30))
    next_month = standing_notices([sender()], came("2025-12"), today=date(2026, 4, 1))

    assert len(first) == len(later) == len(next_month) == 1
    assert first[0].id == later[0].id != next_month[0].id
