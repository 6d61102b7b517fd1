"""Files of counts, from the file to the store. Every place and hospital in them is invented."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest

from ed_ingest.counts_periods import told_period
from ed_ingest.errors import FileError, MappingError
from ed_ingest.pipeline import check, ingest
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace

RECEIVED = datetime(2026, 4, 10, 9, 0)
LONG = """
name = "Urgent Care"
kind = "counts"
[columns]
period = "Month"
place_name = "Place"
assault_method = "Type"
n = "Number"
"""
BY_METHOD = """
name = "Urgent Care"
kind = "counts"
[columns]
place_name = "Place"
[counts]
wide = "method"
"""
BY_PERIOD = BY_METHOD.replace('"method"', '"period"')


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    (made.reference / "places.csv").write_text(
        "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
        "S1,High Street,,street,420000,310000,Marford,\n",
        encoding="utf-8",
    )
    return made


@pytest.fixture
def take(workspace):
    def send(text, provider=LONG, *, name="counts.csv", received=RECEIVED):
        (workspace.root / "providers" / "uc.toml").write_text(provider, encoding="utf-8")
        path = workspace.root / name
        path.write_text(text, encoding="utf-8")
        return ingest(path, workspace, "uc", received_at=received)

    return send


def stored(workspace):
    """Each count as ``(first day, place, method, n)``, n None where suppressed."""
    with open_store(workspace.store) as store:
        rows = store.read("assault_counts")
    numbers = [
        None if missing else int(n)
        for n, missing in zip(rows["n"].fillna(0), rows["n"].isna(), strict=True)
    ]
    days = rows["period_from"].dt.strftime("%Y-%m-%d")
    names = rows["place_name"].fillna("")
    return sorted(zip(days, names, rows["assault_method"], numbers, strict=True), key=str)


HEADER = "Month,Place,Type,Number\n"


def test_a_long_table_is_stored_row_by_row(take, workspace):
    receipt = take(
        HEADER
        + "Jan 2026,High Street,Knife,3\nJan 2026,The Velvet Turnstile,Fists,0\n"
        + "Jan 2026,The Velvet Turnstile,Glass,*\nTotal,,,3\n"
    )

    assert stored(workspace) == [
        ("2026-01-01", "High Street", "sharp_object", 3),
        ("2026-01-01", "The Velvet Turnstile", "body_part", 0),
        ("2026-01-01", "The Velvet Turnstile", "glass", None),
    ]
    assert (receipt.counts["n_stored"], receipt.counts["n_held_back"]) == (3, 0)
    with open_store(workspace.store) as store:
        rows = store.read("assault_counts").set_index("place_name")
    assert rows.loc["High Street", ["place_id", "easting", "location_level"]].tolist() == [
        "S1", 420000, "street",
    ]  # fmt: skip
    assert str(rows.loc["High Street", "period_to"].date()) == "2026-01-31"


def test_methods_in_columns_take_the_month_from_the_title(take, workspace):
    take(
        "Assault attendances January 2026,,,,\n,,,,\n"
        "Place,Knife / sharp,Fists / feet,Not known,Total\n"
        "Castle ward,2,<5,1,7\nBrindlewood East,0,4,[c],5\nTotal,2,7,1,12\n",
        BY_METHOD,
    )

    assert stored(workspace) == [
        ("2026-01-01", "Brindlewood East", "body_part", 4),
        ("2026-01-01", "Brindlewood East", "sharp_object", 0),
        ("2026-01-01", "Brindlewood East", "unknown", None),
        ("2026-01-01", "Castle ward", "body_part", None),
        ("2026-01-01", "Castle ward", "sharp_object", 2),
        ("2026-01-01", "Castle ward", "unknown", 1),
    ]


@pytest.mark.parametrize("header", ["Jan-26,Feb-26", "2026-01,2026-02", "Jan 2026,February 2026"])
def test_months_in_columns_are_all_methods_together(take, workspace, header):
    take(f"Place,{header},Total\nHigh Street,4,..,4\nAll,4,0,4\n", BY_PERIOD)

    assert stored(workspace) == [
        ("2026-01-01", "High Street", "unknown", 4),
        ("2026-02-01", "High Street", "unknown", None),
    ]


def test_methods_under_months_are_told_apart(take, workspace):
    take(
        "Place,January 2026,,February 2026,\n,Knife,Glass,Knife,Glass\nHigh Street,1,2,3,4\n",
        BY_METHOD.replace('"method"', '"method_and_period"'),
    )

    assert stored(workspace) == [
        ("2026-01-01", "High Street", "glass", 2),
        ("2026-01-01", "High Street", "sharp_object", 1),
        ("2026-02-01", "High Street", "glass", 4),
        ("2026-02-01", "High Street", "sharp_object", 3),
    ]


def test_the_period_stands_in_the_name_of_the_file_or_in_the_settings(take, workspace):
    take("Place,Knife\nHigh Street,1\n", BY_METHOD, name="counts Q1 2026.csv")
    take("Place,Knife\nHigh Street,2\n", BY_METHOD + 'period = "2025-12"', name="counts.csv")

    assert stored(workspace) == [
        ("2025-12-01", "High Street", "sharp_object", 2),
        ("2026-01-01", "High Street", "sharp_object", 1),
    ]


def test_a_workbook_tells_its_month_by_the_name_of_the_sheet_or_in_true_dates(workspace):
    book = openpyxl.Workbook()
    book.active.title = "Feb 2026"
    for row in (["Place", "Knife"], ["High Street", 3]):
        book.active.append(row)
    (workspace.root / "providers" / "uc.toml").write_text(BY_METHOD, encoding="utf-8")
    book.save(workspace.root / "a.xlsx")
    ingest(workspace.root / "a.xlsx", workspace, "uc", received_at=RECEIVED)

    dates = openpyxl.Workbook()
    for row in (["Place", date(2026, 3, 1), date(2026, 4, 1)], ["Castle ward", 1, "c"]):
        dates.active.append(row)
    (workspace.root / "providers" / "uc.toml").write_text(BY_PERIOD, encoding="utf-8")
    dates.save(workspace.root / "b.xlsx")
    ingest(workspace.root / "b.xlsx", workspace, "uc", received_at=RECEIVED)

    assert stored(workspace) == [
        ("2026-02-01", "High Street", "sharp_object", 3),
        ("2026-03-01", "Castle ward", "unknown", 1),
        ("2026-04-01", "Castle ward", "unknown", None),
    ]


def test_a_period_that_is_told_nowhere_is_refused_in_one_sentence(take, workspace):
    with pytest.raises(MappingError, match="told nowhere"):
        take("Place,Knife\nHigh Street,1\n", BY_METHOD)
    with pytest.raises(MappingError, match="another period"):
        take("Place,Knife\nHigh Street,1\n", BY_METHOD + 'period = "2025-12"', name="Jan 2026.csv")


def test_months_without_year_take_that_of_the_title(take, workspace):
    take("Assaults 2025/26,,,\n" + HEADER + "April,High Street,Knife,1\nJan,High Street,Knife,2\n")

    assert [row[0] for row in stored(workspace)] == ["2025-04-01", "2026-01-01"]


def test_wrong_counts_are_held_back_by_their_row(take, workspace):
    receipt = take(
        HEADER
        + "Jan 2026,High Street,Knife,-1\nJan 2026,High Street,Glass,2.5\n"
        + "Jan 2026,High Street,Fists,many\nsometime,High Street,Fists,1\n"
        + "Jan 2031,High Street,Fists,1\nJan 2026,High Street,Fists,1\n"
    )

    assert stored(workspace) == [("2026-01-01", "High Street", "body_part", 1)]
    assert receipt.counts["n_held_back"] == 5
    with open_store(workspace.store) as store:
        issues = store.read("issues")
    assert issues.loc[issues["fate"] == "held_back", "row"].tolist() == [2, 3, 4, 5, 6]
    assert "many" not in issues.to_csv()


def test_words_for_one_code_are_added_up_and_unlike_counts_of_one_are_held_back(take, workspace):
    take(
        HEADER
        + "Jan 2026,A ward,Fists,1\nJan 2026,A ward,Feet,2\n"
        + "Jan 2026,B ward,Knife,1\nJan 2026,B ward,Machete,*\n"
        + "Jan 2026,C ward,Knife,1\nJan 2026,C ward,Knife,2\n"
        + "Jan 2026,D ward,Knife,1\nJan 2026,D ward,Knife,1\n"
    )

    assert stored(workspace) == [
        ("2026-01-01", "A ward", "body_part", 3),
        ("2026-01-01", "B ward", "sharp_object", None),
        ("2026-01-01", "D ward", "sharp_object", 1),
    ]


def test_all_methods_are_left_out_beside_the_single_ones_and_kept_alone(take, workspace):
    take(
        HEADER
        + "Jan 2026,A ward,All methods,3\nJan 2026,A ward,Knife,3\nJan 2026,B ward,All methods,4\n"
    )

    assert stored(workspace) == [
        ("2026-01-01", "A ward", "sharp_object", 3),
        ("2026-01-01", "B ward", "unknown", 4),
    ]


@pytest.mark.parametrize(("blank", "n"), [("suppressed", [None]), ("zero", [0]), ("left_out", [])])
def test_an_empty_cell_stands_for_what_the_settings_say(take, workspace, blank, n):
    provider = LONG + f'[counts]\nblank = "{blank}"\n'
    take(HEADER + "Jan 2026,A ward,Knife,1\nJan 2026,A ward,Glass,\n", provider)

    assert [row[3] for row in stored(workspace) if row[2] == "glass"] == n


def test_merged_cells_fill_their_group(take, workspace):
    take(HEADER + "Jan 2026,A ward,Knife,1\n,,Glass,2\n,B ward,Knife,3\n,,Glass,4\n")

    assert [row[1] for row in stored(workspace)] == ["A ward", "A ward", "B ward", "B ward"]
    assert {row[0] for row in stored(workspace)} == {"2026-01-01"}


def test_labels_with_a_person_or_a_home_are_emptied_and_noted(take, workspace):
    receipt = take(
        HEADER
        + "Jan 2026,14 High Street,Knife,1\nJan 2026,Jane Quillfeather,Knife,2\n"
        + "Jan 2026,Own home,Knife,3\n"
    )
    with open_store(workspace.store) as store:
        rows = store.read("assault_counts")
        everything = "".join(store.connection.iterdump())

    assert sorted(rows["place_name"].dropna()) == ["Own home"]
    assert rows["easting"].isna().all()
    assert sorted(rows["n"]) == [1, 2, 3]
    assert receipt.rules["labels of places, not of persons or homes"] == 1
    assert "Quillfeather" not in everything
    assert "14 High" not in everything


def test_codes_of_areas_and_coordinates_are_places(take, workspace):
    provider = LONG.replace('"Place"', '"Place"\nlsoa = "LSOA"\neasting = "E"\nnorthing = "N"')
    take(
        "Month,Place,LSOA,E,N,Type,Number\nJan 2026,W01001856,,,,Knife,1\n"
        "Jan 2026,CF10 1,,,,Knife,2\nJan 2026,The Dusty Ferret,,420500,310500,Knife,3\n"
        "Jan 2026,,W01001857,,,Knife,4\n",
        provider,
    )
    with open_store(workspace.store) as store:
        rows = store.read("assault_counts").set_index("place_name")

    assert rows.loc["W01001856", ["lsoa", "location_level"]].tolist() == ["W01001856", "area"]
    assert rows.loc["W01001857", ["lsoa", "location_level"]].tolist() == ["W01001857", "area"]
    assert rows.loc["CF10 1", "location_level"] == "area"
    assert rows.loc["The Dusty Ferret", ["easting", "location_level"]].tolist() == [
        420500, "coordinates",
    ]  # fmt: skip


MONTH = "".join(f"Jan 2026,W{i} ward,Knife,{i}\n" for i in range(1, 11))


def test_the_same_counts_again_change_nothing_and_corrections_replace(take, workspace):
    take(HEADER + MONTH)
    assert take(HEADER + MONTH, name="other name.csv").state == "duplicate"
    receipt = take(HEADER + "Jan 2026,W3 ward,Knife,30\n", name="correction.csv")

    assert receipt.counts["n_replaced"] == 1
    assert len(stored(workspace)) == 10
    assert ("2026-01-01", "W3 ward", "sharp_object", 30) in stored(workspace)


def test_a_period_of_counts_sent_again_supersedes_what_it_leaves_out(take, workspace):
    take(HEADER + MONTH)
    receipt = take(HEADER + MONTH.replace("Jan 2026,W10 ward,Knife,10\n", ""), name="again.csv")

    assert receipt.counts["n_superseded"] == 1
    assert len(stored(workspace)) == 9


def test_a_dry_run_of_counts_tells_the_same(take, workspace):
    (workspace.root / "providers" / "uc.toml").write_text(LONG, encoding="utf-8")
    path = workspace.root / "x.csv"
    path.write_text(HEADER + MONTH, encoding="utf-8")
    told = check(path, workspace, "uc", received_at=RECEIVED)

    assert told.counts == ingest(path, workspace, "uc", received_at=RECEIVED).counts


def test_sheets_alike_are_not_chosen_between(workspace):
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("more")):
        for row in (["Place", "Knife"], ["High Street", 3]):
            sheet.append(row)
    (workspace.root / "providers" / "uc.toml").write_text(BY_METHOD, encoding="utf-8")
    book.save(workspace.root / "a 2026-01.xlsx")

    with pytest.raises(FileError, match="2 sheets hold the same columns"):
        ingest(workspace.root / "a 2026-01.xlsx", workspace, "uc", received_at=RECEIVED)


@pytest.mark.parametrize(
    ("attrs", "period"),
    [
        ({"titles": ("UTC counts", "Financial year 2026/27"), "sheet": "April"}, "2026-04"),
        ({"titles": ("Counts 2026",), "sheet": "Q2"}, "2026-04"),
        ({"titles": ("Year 2026",), "sheet": "Sheet1"}, "2026-01"),
        ({"titles": ("January 2026", "Run on 3 February 2026")}, "2026-01"),
        ({"titles": ("January 2026", "February 2026")}, None),
        ({"sheet": "Jan 26", "file_stem": "counts_2026-02"}, "2026-01"),
        ({"file_stem": "counts_2026-02"}, "2026-02"),
        ({"file_stem": "counts 03-02-2026"}, None),
        ({"file_stem": "counts 2026"}, None),
        ({}, None),
    ],
)
def test_titles_come_before_the_sheet_and_that_before_the_name_of_the_file(attrs, period):
    found = told_period(attrs)

    assert (found and f"{found.first:%Y-%m}") == period


def test_a_quarter_after_its_months_is_stored_and_said(take, workspace):
    assert "periods that share no day with others" not in take(HEADER + MONTH).rules
    quarter = take(HEADER + MONTH.replace("Jan", "Jan-Mar"), name="quarter.csv")

    assert quarter.rules["periods that share no day with others"] == 1
    assert len(stored(workspace)) == 20


def test_completeness_is_measured_without_the_providers_of_counts(take, workspace):
    from hotspots.pack import renew_completeness

    take(HEADER + MONTH)
    hospital = LONG.replace('"counts"', '"ed"').partition("[columns]")[0]
    columns = '[columns]\narrived_at = "A"\nassault_method = "M"\nlocation_text = "W"\n'
    (workspace.root / "providers" / "ed.toml").write_text(hospital + columns, encoding="utf-8")
    path = workspace.root / "ed.csv"
    path.write_text("A,M,W\n01/03/2026 02:10,Knife,High Street\n", encoding="utf-8")
    ingest(path, workspace, "ed", received_at=RECEIVED)
    made = renew_completeness(workspace, month="2026-03")

    assert made.lines[0].startswith("Complete rows")


def test_no_message_about_counts_holds_a_cells_value(take, workspace):
    receipt = take(HEADER + "Zzyzx 2026,Qwyjibo Arms,Vorpal,Nonagon\nJan 2026,X ward,Vorpal,1\n")
    with open_store(workspace.store) as store:
        told = store.read("issues").to_csv() + str(receipt)
        everything = "".join(store.connection.iterdump())

    assert receipt.counts["n_held_back"] == 1
    for planted in ("Zzyzx", "Qwyjibo", "Nonagon", "Vorpal"):
        assert planted not in told
        assert planted not in everything
