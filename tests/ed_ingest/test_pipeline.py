"""Journey 1 on small files of our own making: what is stored, noted and told."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from ed_ingest.errors import OtherProviderError
from ed_ingest.linking import link_records
from ed_ingest.pipeline import check, ingest
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


def test_a_delivery_of_which_nothing_can_be_stored_is_taken_and_told(workspace):
    receipt = take(workspace, ROW.replace("2025", "2031"))

    assert (receipt.state, receipt.counts["n_stored"], receipt.counts["n_held_back"]) == (
        "stored", 0, 1,
    )  # fmt: skip
    assert stored(workspace, "batches")["period_from"].isna().all()


DEMOGRAPHICS = PROVIDER + 'sex = "Sex"\nage = "Age"\n'
SAME_MINUTE = [
    "01/03/2025 02:10,01/03/2025 01:30,Punched,Street,High Street,F,31",
    "01/03/2025 02:10,01/03/2025 01:30,Knife,Street,High Street,M,24",
    "01/03/2025 02:10,01/03/2025 01:40,Glass,Street,High Street,M,24",
]


@pytest.fixture
def unnumbered(workspace):
    (workspace.root / "providers" / "st-elsewhere.toml").write_text(DEMOGRAPHICS, encoding="utf-8")

    def send(*rows, name, received=RECEIVED):
        path = workspace.root / name
        path.write_text("Arrived,Assaulted,Method,Place,Where,Sex,Age\n" + "\n".join(rows) + "\n")
        ingest(path, workspace, "st-elsewhere", received_at=received)
        return stored(workspace).set_index("event_id")["assault_method"].to_dict()

    return send


def test_equal_arrivals_keep_their_names_in_a_file_of_another_order(unnumbered):
    first = unnumbered(*SAME_MINUTE, name="a.csv")
    # Neither sex nor age is agreed here, so neither is stored; they still put the rows in order.
    assert unnumbered(*reversed(SAME_MINUTE), name="b.csv") == first


def test_equal_arrivals_keep_their_names_when_a_method_or_place_is_corrected(unnumbered):
    first = unnumbered(*SAME_MINUTE, name="a.csv")
    corrected = [row.replace("Knife,Street", "Bottle,Pub") for row in reversed(SAME_MINUTE)]
    second = unnumbered(*corrected, name="b.csv")

    assert second.keys() == first.keys()
    changed = {name for name in first if first[name] != second[name]}
    assert [first[name] for name in changed] == ["sharp_object"]


def test_a_corrected_time_may_swap_names_of_equal_arrivals_but_doubles_nothing(unnumbered):
    unnumbered(*SAME_MINUTE, name="a.csv")
    corrected = [SAME_MINUTE[0], SAME_MINUTE[1].replace("01:30", "01:55"), SAME_MINUTE[2]]

    assert sorted(unnumbered(*corrected, name="b.csv").values()) == [
        "body_part",
        "glass",
        "sharp_object",
    ]


def march(skip=(), corrected=None, method="Punched"):
    """Rows of days 1 to 28 of March 2025, one a day."""
    days = [d for d in range(1, 29) if d not in skip]
    rows = {
        d: f"{d:02d}/03/2025 02:10,{d:02d}/03/2025 01:30,{method},Street,High Street" for d in days
    }
    return "\n".join({**rows, **(corrected or {})}.values()) + "\n"


def test_an_arrival_corrected_without_a_number_is_not_doubled(workspace):
    take(workspace, march())
    moved = "14/03/2025 04:45,14/03/2025 01:30,Punched,Street,High Street"
    receipt = take(workspace, march(corrected={14: moved}), name="corrected.csv")
    rows = stored(workspace)

    assert (receipt.counts["n_replaced"], receipt.counts["n_superseded"]) == (27, 1)
    assert len(rows) == 28
    assert (rows["arrived_at"].dt.strftime("%d %H:%M") == "14 04:45").sum() == 1


def test_a_row_that_a_period_sent_again_leaves_out_is_taken_out_and_kept_in_the_history(workspace):
    take(workspace, march())
    receipt = take(workspace, march(skip=[9]), name="again.csv")

    assert receipt.counts["n_superseded"] == 1
    assert sorted(stored(workspace, "batches")["n_superseded"]) == [0, 1]
    with open_store(workspace.store) as store:
        history = store.connection.execute("SELECT COUNT(*) FROM superseded").fetchone()[0]
    assert history == 28
    assert len(stored(workspace)) == 27


def test_the_same_file_for_another_provider_is_refused_and_names_who_has_it(workspace):
    (workspace.root / "providers" / "marford.toml").write_text(PROVIDER, encoding="utf-8")
    take(workspace, ROW)
    path = delivered(workspace, ROW)

    for look in (ingest, check):
        with pytest.raises(OtherProviderError, match="taken for provider st-elsewhere as batch"):
            look(path, workspace, "marford", received_at=RECEIVED)


def test_a_file_of_another_provider_is_refused_before_its_mapping_is_tried(workspace):
    other = PROVIDER.replace("Arrived", "Came").replace("Method", "Weapon")
    (workspace.root / "providers" / "marford.toml").write_text(other, encoding="utf-8")
    path = workspace.root / "x.csv"
    path.write_text((HEADER + ROW).replace("Arrived", "Came").replace("Method", "Weapon"))

    with pytest.raises(OtherProviderError, match="fit provider marford exactly"):
        ingest(path, workspace, "st-elsewhere", received_at=RECEIVED)


def test_a_faulty_file_of_another_provider_disturbs_nobody(workspace):
    (workspace.root / "providers" / "odd.toml").write_text("name = 3", encoding="utf-8")

    assert take(workspace, ROW).counts["n_stored"] == 1


def test_a_duplicate_row_in_a_corrected_file_does_not_take_its_twin_out(workspace, numbered):
    numbered(line("A1"), line("A2"), name="first.csv")
    numbered(line("A1"), line("A1"), line("A2"), name="second.csv")

    assert len(stored(workspace)) == 2


def test_numbers_in_one_file_and_not_in_the_other_do_not_double_the_rows(workspace, numbered):
    rows = [
        f"N{d},Assault,{d:02d}/03/2025 02:10,{d:02d}/03/2025 01:30,Punched,Street"
        for d in range(1, 20)
    ]
    numbered(*rows, name="with.csv")
    before = set(stored(workspace)["event_id"])
    numbered(*(row.replace(row.split(",")[0], "", 1) for row in rows), name="without.csv")
    assert set(stored(workspace)["event_id"]) == before
    numbered(*(row + " " for row in rows), name="with again.csv")
    assert set(stored(workspace)["event_id"]) == before


# --- the least k of an agreement ----------------------------------------------------------------

SEX_AND_AGE = PROVIDER.replace("[columns]", '[columns]\nsex = "Sex"\nage = "Age"')
AGREED = '[agreement]\nreference = "ISA-9"\nitems = ["age_band", "sex"]\n'


def of_people(workspace, agreement):
    """Six attendances of one night and street: three men of 20, two women of 20, a man of 70."""
    provider = workspace.root / "providers" / "st-elsewhere.toml"
    provider.write_text(SEX_AND_AGE.replace("[columns]", agreement + "[columns]"), encoding="utf-8")
    people = [("M", 20)] * 3 + [("F", 20)] * 2 + [("M", 70)]
    text = HEADER.replace("\n", ",Sex,Age\n") + "".join(
        ROW.replace("02:10", f"02:1{i}").replace("\n", f",{sex},{age}\n")
        for i, (sex, age) in enumerate(people)
    )
    path = workspace.root / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_receipt_tells_how_many_are_alike_and_changes_none(workspace):
    path = of_people(workspace, AGREED)
    told = check(path, workspace, "st-elsewhere", received_at=RECEIVED)
    receipt = ingest(path, workspace, "st-elsewhere", received_at=RECEIVED)

    assert receipt.counts["k_smallest"] == 1
    assert (receipt.counts["n_k_1"], receipt.counts["n_k_below_5"]) == (1, 6)
    assert told.counts == receipt.counts
    assert sorted(stored(workspace)["sex"]) == ["female"] * 2 + ["male"] * 4


def test_where_the_agreement_sets_a_least_k_sex_and_age_are_withheld(workspace):
    path = of_people(workspace, AGREED + "k_min = 3\n")
    told = check(path, workspace, "st-elsewhere", received_at=RECEIVED)
    receipt = ingest(path, workspace, "st-elsewhere", received_at=RECEIVED)
    rows = stored(workspace)

    # Two women and the man of 70 are too few; without their sex they are two and one.
    assert told.counts == receipt.counts
    assert (receipt.counts["n_sex_withheld"], receipt.counts["n_age_band_withheld"]) == (3, 3)
    assert sorted(rows["sex"] + " " + rows["age_band"]) == (
        ["male 18-24"] * 3 + ["unknown unknown"] * 3
    )
    assert set(rows["place_name"]) == {"High Street"}


@pytest.mark.parametrize("item", ["age_band", "sex"])
def test_an_item_that_is_mapped_and_not_agreed_is_written_nowhere(workspace, item):
    other = "sex" if item == "age_band" else "age_band"
    path = of_people(workspace, AGREED.replace('"age_band", "sex"', f'"{other}"'))
    ingest(path, workspace, "st-elsewhere", received_at=RECEIVED)
    text = path.read_text(encoding="utf-8").replace("Punched", "Knife").replace(",20\n", ",21\n")
    (workspace.root / "again.csv").write_text(text, encoding="utf-8")
    # What was stored before goes to the history.
    ingest(workspace.root / "again.csv", workspace, "st-elsewhere", received_at=RECEIVED)
    written = b"".join(p.read_bytes() for p in (workspace.root / "store").iterdir())

    for value in {"sex": (b"female",), "age_band": (b"18-24", b"65+")}[item]:
        assert value not in written
    for value in {"sex": (b"18-24", b"65+"), "age_band": (b"female",)}[item]:
        assert value in written


def test_what_the_agreement_does_not_name_parts_nobody(workspace):
    receipt = ingest(of_people(workspace, ""), workspace, "st-elsewhere", received_at=RECEIVED)

    assert receipt.counts["k_smallest"] == 6
    assert set(stored(workspace)["sex"]) == {"unknown"}


def test_a_process_killed_within_the_transaction_leaves_nothing(workspace):
    take(workspace, march())
    path = delivered(workspace, march(skip=[3]), name="again.csv")
    script = (
        "import os, sys\n"
        "from datetime import datetime\n"
        "from pathlib import Path\n"
        "import ed_ingest.store as s\n"
        "from ed_ingest.pipeline import ingest\n"
        "from ed_ingest.workspace import open_workspace\n"
        "s.keep_past = lambda *a, **k: os._exit(9)\n"
        "ingest(Path(sys.argv[2]), open_workspace(Path(sys.argv[1])), 'st-elsewhere',"
        " received_at=datetime(2025, 4, 3))\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script, str(workspace.root), str(path)],
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )

    assert done.returncode == 9
    assert len(stored(workspace)) == 28
    assert len(stored(workspace, "batches")) == 1
    assert ingest(path, workspace, "st-elsewhere", received_at=RECEIVED).state == "stored"
