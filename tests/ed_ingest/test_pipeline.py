"""Journey 1 on small files of our own making: what is stored, noted and told."""

from __future__ import annotations

from datetime import datetime

import pytest

from ed_ingest.pipeline import check, ingest, link_records
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace

RECEIVED = datetime(2025, 4, 2, 9, 0)
PROVIDER = """
name = "St Elsewhere"
kind = "ed"
[columns]
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Place"
location_text = "Where"
"""
HEADER = "Arrived,Assaulted,Method,Place,Where\n"
ROW = "01/03/2025 02:10,01/03/2025 01:30,Punched,Street,High Street\n"


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    (made.root / "providers" / "st-elsewhere.toml").write_text(PROVIDER, encoding="utf-8")
    (made.reference / "places.csv").write_text(
        "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
        'S1,High Street,,street,420000,310000,"Marford",\n',
        encoding="utf-8",
    )
    return made


def delivered(workspace, text, name="march.csv"):
    path = workspace.root / name
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def take(workspace, text, **options):
    path = delivered(workspace, text, **options)
    return ingest(path, workspace, "st-elsewhere", received_at=RECEIVED)


def stored(workspace, table="assaults"):
    with open_store(workspace.store) as store:
        return store.read(table)


def test_a_row_is_stored_with_its_place_night_and_method(workspace):
    receipt = take(workspace, ROW)
    row = stored(workspace).iloc[0]

    assert receipt.counts["n_stored"] == 1
    assert (row["easting"], row["northing"], row["location_level"]) == (420000, 310000, "street")
    assert str(row["night_of"].date()) == "2025-02-28"
    assert row["assault_method"] == "body_part"


def test_the_same_content_under_another_name_changes_nothing(workspace):
    first = take(workspace, ROW)
    again = take(workspace, ROW, name="copy of march.csv")

    assert (again.state, again.batch_id) == ("duplicate", first.batch_id)
    assert len(stored(workspace)) == 1


def test_without_attendance_numbers_a_corrected_file_replaces_its_rows(workspace):
    take(workspace, ROW)
    receipt = take(workspace, ROW.replace("Punched", "Knife"), name="corrected.csv")

    assert receipt.counts["n_replaced"] == 1
    assert stored(workspace)["assault_method"].tolist() == ["sharp_object"]


def test_a_dry_run_tells_the_same_and_makes_neither_store_nor_key(workspace):
    path = delivered(workspace, ROW + ROW.replace("2025", "2031"))
    told = check(path, workspace, "st-elsewhere", received_at=RECEIVED)
    assert not any((workspace.root / "store").iterdir())

    done = ingest(path, workspace, "st-elsewhere", received_at=RECEIVED)
    assert (told.state, done.state) == ("checked", "stored")
    assert told.counts == done.counts
    assert told.rules == done.rules


def test_a_dry_run_of_a_known_file_says_so(workspace):
    take(workspace, ROW)
    path = delivered(workspace, ROW)

    assert check(path, workspace, "st-elsewhere", received_at=RECEIVED).state == "duplicate"


def test_totals_below_the_table_are_left_out_and_noted(workspace):
    receipt = take(workspace, ROW + "Total,,,,1\n")

    assert receipt.counts["n_read"] == 1
    assert receipt.rules == {"rows that are records": 1}
    assert stored(workspace, "issues")["row"].tolist() == [0]


def test_home_assaults_keep_neither_words_nor_point(workspace):
    take(workspace, ROW.replace("Street,High Street", "Own home,14 High Street"))
    row = stored(workspace).iloc[0]

    assert row["location_type"] == "own_home"
    assert row["location_level"] == "withheld"
    assert row[["easting", "northing", "place_name", "location_text"]].isna().all()


def test_linking_without_police_records_says_that_nothing_can_be_linked(workspace):
    take(workspace, ROW)
    figures = link_records(workspace)

    assert figures["n_linkable"] == 0
    assert stored(workspace)["link_status"].tolist() == ["not_linkable"]


def test_the_name_of_a_file_is_kept_only_redacted(workspace):
    take(workspace, ROW, name="Quillfeather Zebedee 2025-03.csv")
    name = stored(workspace, "batches").loc[0, "file_name"]

    assert "quillfeather" not in name.lower()
    assert name.endswith(".csv")


NUMBERED = """
name = "St Elsewhere"
kind = "ed"
[columns]
attendance_number = "No"
attendance_reason = "Reason"
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Place"
"""


@pytest.fixture
def numbered(workspace):
    (workspace.root / "providers" / "st-elsewhere.toml").write_text(NUMBERED, encoding="utf-8")

    def send(*rows, name, received=RECEIVED):
        header = "No,Reason,Arrived,Assaulted,Method,Place\n"
        path = workspace.root / name
        path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
        return ingest(path, workspace, "st-elsewhere", received_at=received)

    return send


def line(number, reason="Assault", day="01", year="2025"):
    when = f"{day}/03/{year}"
    return f"{number},{reason},{when} 02:10,{when} 01:30,Punched,Street"


def test_a_correction_takes_out_what_is_no_assault_or_must_be_mended(workspace, numbered):
    numbered(line("A1"), line("A2"), line("A3"), name="first.csv")
    receipt = numbered(
        line("A1", reason="Fall"), line("A2", year="2031"), line("A3"), name="second.csv"
    )

    assert receipt.counts["n_withdrawn"] == 2
    assert len(stored(workspace)) == 1
    with open_store(workspace.store) as store:
        assert len(store.read_held_back()) == 1


def test_a_row_held_back_and_mended_is_counted_once(workspace, numbered):
    numbered(line("A1", year="2031"), line("A2"), name="first.csv")
    numbered(line("A1"), line("A2"), name="second.csv")

    assert len(stored(workspace)) == 2
    with open_store(workspace.store) as store:
        assert len(store.read_held_back()) == 0


def test_an_older_delivery_taken_later_changes_nothing_newer(workspace, numbered):
    later = datetime(2025, 5, 2, 9, 0)
    numbered(line("A1", day="02"), name="correction.csv", received=later)
    receipt = numbered(line("A1"), name="original.csv")

    assert receipt.counts["n_outdated"] == 1
    assert stored(workspace)["arrived_at"].dt.day.tolist() == [2]


def test_the_period_of_a_delivery_without_arrivals_is_that_of_the_assaults(workspace):
    text = PROVIDER.replace('arrived_at = "Arrived"\n', "")
    (workspace.root / "providers" / "st-elsewhere.toml").write_text(text, encoding="utf-8")
    take(workspace, ROW)

    assert str(stored(workspace, "batches").loc[0, "period_from"].date()) == "2025-03-01"
