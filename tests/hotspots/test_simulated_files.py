"""Files of the made-up partnership: what is written is read back, times are rounded as told."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.simulated.files import append_csv, write_csv
from hotspots.simulated.identifiers import make_people
from hotspots.simulated.told_times import CLOCK, faulty_dates, rounded, write_clock, write_days
from hotspots.simulated.town import invent_town
from hotspots.simulated.workbook import write_xlsx

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), delimiter=st.sampled_from(",;")
)
def test_any_text_comes_back_from_a_csv_file(rows, delimiter):
    buffer = io.BytesIO()
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype=object)
    append_csv(buffer, frame, delimiter=delimiter)

    text = io.StringIO(buffer.getvalue().decode("utf-8"), newline="")
    assert [tuple(row) for row in csv.reader(text, delimiter=delimiter)] == rows


def test_letters_that_an_encoding_lacks_become_a_question_mark(tmp_path):
    frame = pd.DataFrame({"x": ["Lôn Tŷ", None], "n": [1, 2]})
    write_csv(tmp_path / "x.csv", frame, delimiter=";", encoding="cp1252", line_end="\r\n")

    assert (tmp_path / "x.csv").read_bytes() == "x;n\r\nLôn T?;1\r\n;2\r\n".encode("cp1252")


def test_a_workbook_has_titles_true_dates_text_and_its_author(tmp_path):
    frame = pd.DataFrame(
        {
            "When": np.array(["2025-03-30T01:30", "2025-12-31T23:59"], dtype="M8[m]"),
            "Words": pd.Series(["=1+1 <b> & co", ""], dtype=object),
        }
    )
    path = tmp_path / "x.xlsx"
    write_xlsx(path, frame, sheet="A & B", titles=("One", "Two"), author="Zofia Eskrigaby")
    book = openpyxl.load_workbook(path)
    sheet = book["A & B"]

    assert book.properties.creator == "Zofia Eskrigaby"
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["One", None],
        ["Two", None],
        ["When", "Words"],
        [datetime(2025, 3, 30, 1, 30), "=1+1 <b> & co"],
        [datetime(2025, 12, 31, 23, 59), None],
    ]
    assert sheet["B4"].data_type == "s"  # text, not a formula


def test_a_workbook_says_nothing_of_when_it_was_written(tmp_path):
    frame = pd.DataFrame({"x": pd.Series(["a"], dtype=object)})
    write_xlsx(tmp_path / "x.xlsx", frame, sheet="S", titles=(), author="")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


MINUTES = st.integers(0, 2_000_000)


@given(at=MINUTES, delay=st.integers(0, 3000), step=st.sampled_from([5, 15, 30, 60]))
def test_a_rounded_time_is_near_the_true_one_and_never_after_the_arrival(at, delay, step):
    times = np.array([at], dtype="M8[m]")
    arrived = times + np.timedelta64(delay, "m")
    told = rounded(times, arrived, np.array([step]))

    assert told[0] <= arrived[0]
    assert abs((told - times)[0].astype(int)) < step
    assert told[0].astype(int) % step == 0


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("23:30", "00:45"),
        ("2330", "0045"),
        ("approx 23.30", "approx 00.45"),
        ("11pm", "12am"),
        ("22:00-00:00", "00:00-02:00"),
        ("evening", "early hours"),
        ("", ""),
    ],
)
def test_a_time_is_written_in_each_habit(form, written):
    at = np.array(["2025-02-01T00:45"], dtype="M8[m]")

    assert form in CLOCK
    assert write_clock(at, np.array([form], dtype=object))[0] == written


def test_a_missing_day_is_written_as_a_blank():
    days = np.array(["2025-02-01", "NaT"], dtype="M8[D]")

    assert write_days(days, "%d-%b-%Y").tolist() == ["01-Feb-2025", ""]


def test_faults_are_named_and_change_the_date_as_they_say():
    told = np.repeat(np.array(["2025-02-01T02:00"], dtype="M8[m]"), 1000)
    wrong, fault = faulty_dates(np.random.default_rng(1), told, evening_before=0.5)
    days = (wrong - told).astype("m8[D]").astype(int)

    assert set(days[fault == ""]) == {0}
    assert set(days[fault == "evening_date"]) == {-1}
    assert set(days[fault == "after_arrival"]) == {2}
    # 1000 // 200 and 1000 // 300.
    assert (fault == "after_arrival").sum() == 5
    assert (fault == "impossible_date").sum() == 3


@pytest.fixture(scope="module")
def people():
    town = invent_town(np.random.default_rng(1))
    ages = np.full(2000, 30, dtype=np.int64)
    return town, make_people(np.random.default_rng(2), town, ages)


def test_nhs_numbers_are_of_the_test_range_with_a_valid_check_digit(people):
    numbers = people[1]["nhs_number"]

    assert numbers.str.fullmatch(r"999\d{7}").all()
    assert numbers.is_unique
    for number in numbers:
        # Weights 10 to 2, and 1 for the check digit: a multiple of 11.
        assert sum(int(d) * (10 - k) for k, d in enumerate(number)) % 11 == 0


def test_nobody_lives_at_the_address_of_a_known_place(people):
    town, persons = people
    places = town.places[town.places["kind"] != "street"]
    streets = persons["home_address"].str.split(n=1).str[1]

    assert persons["home_address"].str.match(r"\d+ ").all()
    assert not set(streets) & set(places["street"])


def test_telephones_are_of_the_range_kept_for_drama(people):
    assert people[1]["telephone"].str.fullmatch(r"07700 900\d{3}").all()


def test_names_of_people_are_no_names_of_places(people):
    town, persons = people
    words = " ".join([*town.places["name"], *town.places["alt_names"]]).lower().split()

    assert not set(persons["surname"].str.lower()) & set(words)
    assert not set(persons["forename"].str.lower()) & set(words)


def test_provider_files_are_data_of_the_package():
    folder = Path(__file__).parents[2] / "hotspots" / "simulated" / "providers"

    assert {p.stem for p in folder.iterdir()} == {
        "marford-general", "st-teilos", "royal-infirmary", "wexshire-police", "police-uk",
    }  # fmt: skip
