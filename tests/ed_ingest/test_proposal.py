"""A mapping proposed for an unseen file: from headings, and from what the cells look like."""

from __future__ import annotations

import pandas as pd
import pytest

from ed_ingest.proposal import propose, with_choice
from ed_ingest.read import read_extract

N = 24
DAYS = pd.date_range("2026-03-01", periods=N, freq="D")


def raw(tmp_path, **columns):
    """A file with these columns, read as any delivery is."""
    path = tmp_path / "file.csv"
    table = pd.DataFrame({name.replace("__", " "): values for name, values in columns.items()})
    table.to_csv(path, index=False)
    return read_extract(path)


def cycle(*values):
    return [values[i % len(values)] for i in range(N)]


def arrivals():
    return [f"{day:%d/%m/%Y} {3 + i % 18:02d}:{i * 7 % 60:02d}" for i, day in enumerate(DAYS)]


def assaults():
    return [f"{day:%d/%m/%Y} {2 + i % 18:02d}:{i * 11 % 60:02d}" for i, day in enumerate(DAYS)]


METHODS = ("Fist", "Kicked", "Knife", "Bottle", "Not known")
PLACES = ("Pub", "Street", "Own home", "Nightclub", "School")
WORDS = ("High Street", "The Swan pub", "outside Tesco, Mill Lane", "Riverside Park", "at home")


def test_one_column_may_hold_date_and_time_or_two_may(tmp_path):
    one = propose(raw(tmp_path, Arrival=arrivals(), Assault=assaults(), Weapon=cycle(*METHODS)))
    two = propose(
        raw(
            tmp_path,
            Arrival=arrivals(),
            Assault__date=[f"{d:%d/%m/%Y}" for d in DAYS],
            Assault__time=cycle("02:15", "23:40", "evening", "0130"),
        )
    )

    assert one.columns["assault_at"] == ("Assault",)
    assert (two.columns["assault_date"], two.columns["assault_time"]) == (
        ("Assault date",),
        ("Assault time",),
    )
    assert "assault_at" not in two.columns


def test_headings_that_say_nothing_are_told_by_their_cells(tmp_path):
    proposal = propose(
        raw(
            tmp_path,
            Q1=arrivals(),
            Q2=[f"{d:%d/%m/%Y} 01:{i:02d}" for i, d in enumerate(DAYS)],
            Q3=cycle(*METHODS),
            Q4=cycle(*PLACES),
        )
    )

    # Of two times the earlier is the assault's.
    assert proposal.columns["arrived_at"] == ("Q1",)
    assert proposal.columns["assault_at"] == ("Q2",)
    assert proposal.columns["assault_method"] == ("Q3",)
    assert proposal.columns["location_type"] == ("Q4",)


def test_premises_street_and_town_together_are_the_place(tmp_path):
    proposal = propose(
        raw(
            tmp_path,
            Premises=cycle("The Swan", "", "Basement 42"),
            Street=cycle("High Street", "Mill Lane"),
            Town=cycle("Marford"),
            Place__type=cycle(*PLACES),
        )
    )

    assert proposal.columns["location_text"] == ("Premises", "Street", "Town")
    assert proposal.columns["location_type"] == ("Place type",)


def test_boxes_to_tick_become_one_column_of_weapons(tmp_path):
    proposal = propose(
        raw(
            tmp_path,
            Knife=cycle("X", "", ""),
            Glass=cycle("", "X", ""),
            Fists=cycle("", "", "X"),
            Alcohol=cycle("X", ""),
        )
    )

    assert proposal.ticks == {"assault_method": ("Knife", "Glass", "Fists")}
    assert proposal.columns["alcohol"] == ("Alcohol",)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("NHS Number", ["9990000018", "9434765919"]),
        ("Patient surname", ["Yellowleyes", "Skeltergill"]),
        ("Col 9", ["9990000018", "9434765919"]),
        ("Contact", ["07700 900123", "07700 900456"]),
        ("Address", ["4 Mill Lane", "Flat 2, 9 High Street"]),
        ("Postcode", ["CF10 1AA", "CF24 3BB"]),
        ("Triage notes", ["hit by Darren", "pt states NOK informed"]),
        ("When born", ["12/05/1991", "03/11/1978"]),
    ],
)
def test_what_names_people_is_marked_and_never_mapped(tmp_path, heading, cells):
    proposal = propose(raw(tmp_path, Arrival=arrivals(), **{heading: cycle(*cells)}))

    found = next(s for s in proposal.suggestions if s.heading == heading)
    assert found.identifier
    assert found.columns == ()


def test_age_and_sex_are_mapped_only_where_agreed(tmp_path):
    table = raw(tmp_path, Arrival=arrivals(), Sex=cycle("M", "F"), DOB=cycle("12/05/1991"))

    assert not {"sex", "date_of_birth"} & set(propose(table).columns)
    agreed = propose(table, agreed=("age_band", "sex")).columns
    assert agreed["sex"] == ("Sex",)
    assert agreed["date_of_birth"] == ("DOB",)


def test_the_last_drink_the_home_and_other_times_are_left_behind(tmp_path):
    proposal = propose(
        raw(
            tmp_path,
            Arrival=arrivals(),
            Location__of__last__drink=cycle(*WORDS),
            Home__address=cycle("4 Mill Lane", "9 High Street"),
            Triage__time=cycle("02:15", "03:40"),
            Discharge__date=[f"{d:%d/%m/%Y}" for d in DAYS],
            Location__of__assault=cycle(*WORDS),
        )
    )

    assert proposal.columns["location_text"] == ("Location of assault",)
    mapped = {heading for headings in proposal.columns.values() for heading in headings}
    assert mapped == {"Arrival", "Location of assault"}


def test_a_number_of_rows_names_no_attendance(tmp_path):
    counted = propose(raw(tmp_path, Record__number=range(1, N + 1), Arrival=arrivals()))
    named = propose(raw(tmp_path, Attendance__number=[f"A{i * 7919 % 10007}" for i in range(N)]))

    assert "attendance_number" not in counted.columns
    assert named.columns["attendance_number"] == ("Attendance number",)


def test_methods_that_tell_accidents_too_tell_the_reason(tmp_path):
    kinds = cycle("Assault - fist", "Assault - knife", "Accident - fall", "Assault - bottle")
    proposal = propose(raw(tmp_path, Injury__type=kinds, Arrival=arrivals()))

    assert proposal.columns["assault_method"] == ("Injury type",)
    assert proposal.columns["attendance_reason"] == ("Injury type",)


def test_a_persons_answer_goes_before_the_proposal(tmp_path):
    proposal = propose(raw(tmp_path, Arrival=arrivals(), Thing=cycle("a", "b")))

    changed = with_choice(proposal, "Thing", ("assault_method",))

    assert changed.columns["assault_method"] == ("Thing",)
    assert "assault_method" not in proposal.columns


def test_a_file_of_one_blank_column_proposes_nothing(tmp_path):
    table = raw(tmp_path, Arrival=arrivals()).iloc[:1].copy()
    table["Arrival"] = None

    assert propose(table).ticks == {}


def test_cells_that_look_like_people_are_marked_under_any_heading(tmp_path):
    codes = [f"AB-{i * 7919 % 100003:06d}" for i in range(N)]
    proposal = propose(raw(tmp_path, Arrival=arrivals(), Thing=codes, Score=cycle("1", "2", "3")))

    marked = {s.heading for s in proposal.suggestions if s.identifier}
    assert marked == {"Thing"}


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        # Of a spreadsheet these would be days of the year 2091.
        ("Ref No", [70_000 + i for i in range(N)]),
        ("Zqx", [70_000 + 2 * i for i in range(N)]),
        # Eight figures may be a day of 2045, and a review lies ahead.
        ("Log key", [20_450_101 + i for i in range(N)]),
        ("Next review", [f"{1 + i:02d}/06/2041" for i in range(N)]),
    ],
)
def test_what_reads_as_days_of_later_years_makes_no_births_of_the_attendances(
    tmp_path, heading, cells
):
    columns = {heading: cells, "Booked in": arrivals(), "When happened (day)": assaults()}

    proposal = propose(raw(tmp_path, **columns))

    assert proposal.columns["arrived_at"] == ("Booked in",)
    assert proposal.columns["assault_at"] == ("When happened (day)",)
    assert not any(s.old for s in proposal.suggestions)


def test_dates_years_older_than_the_attendances_are_taken_for_births_and_told_so(tmp_path):
    old = [f"{1 + i:02d}/06/{1950 + i}" for i in range(N)]

    proposal = propose(raw(tmp_path, Arrival=arrivals(), Assault=assaults(), Reg__day=old))

    by_heading = {s.heading: s for s in proposal.suggestions}
    told = by_heading["Reg day"]
    assert (told.meaning, told.columns, told.identifier, told.old) == (
        "date_of_birth", (), True, True,
    )  # fmt: skip
