"""Identifiers in disguise go through both journeys; none of them is in anything that is written."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
import sys
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from hotspots import cli
from tests.leaks import Written, everything_in, holders, written

RECEIVED = "2026-04-09"
PLACES = """\
place_id,name,alt_names,kind,easting,northing,address,postcode
S1,High Street,,street,420000,310000,Marford,
S2,Mill Lane,,street,420400,310300,Marford,
P1,Golden Lamb,,premises,420020,310010,"12 High Street, Marford",ZE1 1AA
P2,Quimby's Bar,,premises,420410,310310,"3 Mill Lane, Marford",ZE1 1AB
"""
PROVIDER = """
name = "St Elsewhere"
kind = "ed"
[agreement]
reference = "ISA-1"
items = ["age_band", "sex"]
[columns]
attendance_number = "No"
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Kind"
location_text = ["Where", "More"]
easting = "E"
northing = "N"
lsoa = "Area"
alcohol = "Alcohol"
reported_to_police = "Police"
assailants = "How many"
relationship = "Who"
admitted = "Outcome"
age = "Age"
sex = "Sex"
"""
# A force's extract that a written mapping takes for police.uk's: it has a month alone.
MONTHLY = """
name = "A force"
kind = "police"
[columns]
committed_month = "Month"
place_name = "Location"
crime_type = "Offence"
"""
BASE = {
    "No": "", "Arrived": "", "Assaulted": "", "Method": "Fist", "Kind": "Street",
    "Where": "High Street", "More": "", "E": "", "N": "", "Area": "", "Alcohol": "Yes",
    "Police": "No", "How many": "1", "Who": "Stranger", "Outcome": "Home", "Age": "31",
    "Sex": "Female",
}  # fmt: skip


class Attack(NamedTuple):
    """What is planted in one row, and what must be found nowhere afterwards."""

    secrets: tuple[str, ...]
    cells: dict[str, str]


def where(text: str, *secrets: str) -> Attack:
    return Attack(secrets, {"Where": text})


def in_column(column: str, secret: str) -> Attack:
    return Attack((secret,), {column: secret})


SPELT = "nine nine nine zero zero one two three four five"
# Names of people are invented; NHS numbers begin with 999, telephones are of the drama range.
ROWS: dict[str, Attack] = {
    # identifiers parted over the columns that are joined to one location
    "name over two columns": Attack(
        ("Siobhan Quillfeather", "Quillfeather"),
        {"Where": "assaulted by Siobhan", "More": "Quillfeather in Golden Lamb"},
    ),
    "telephone over two columns": Attack(
        ("07700 900111", "900111"), {"Where": "ring 07700", "More": "900111"}
    ),
    "NHS in one, number in the next": Attack(
        ("9990000018",), {"Where": "High Street NHS", "More": "9990000018"}
    ),
    "NHS number over two columns": Attack(
        ("9990000026",), {"Where": "no. 99900", "More": "00026"}
    ),
    "home address over two columns": Attack(
        ("47 Mill Lane",), {"Where": "lives at 47", "More": "Mill Lane"}
    ),
    # other signs and scripts
    "Cyrillic letters in a name": where("hit by Zаbblеwісk outside Golden Lamb", "Zabblewick"),
    "Greek letters in a name": where("with Thrυmbοld on High Street", "Thrumbold"),
    "full-width figures": where("NHS ９９９０００００３４ High Street", "9990000034"),
    "Arabic-Indic figures": where("NHS ٩٩٩٠٠٠٠٠٤٢ High Street", "9990000042"),
    "mathematical figures": where("ring 𝟎𝟕𝟕𝟎𝟎 𝟗𝟎𝟎𝟏𝟐𝟐", "07700900122"),
    "circled figures": where("⑨ ⑨ ⑨ ⓪ ⓪ ⓪ ⓪ ⓪ ⑤ ⓪", "9990000050"),
    "superscript figures": where("tel ⁰⁷⁷⁰⁰ ⁹⁰⁰¹³³", "07700900133"),
    "signs that do not show in a number": where("999\u200b000\u200b0069 in Lamb", "9990000069"),
    "soft hyphens in a number": where("99\u00ad90\u00ad00\u00ad00\u00ad77", "9990000077"),
    "word joiners between figures": where("\u2060".join("9990000085"), "9990000085"),
    "spaces that do not break": where("999\u00a0000\u00a00093 High Street", "9990000093"),
    "thin spaces": where("0\u200977\u200900\u200990\u200901\u200944", "07700900144"),
    "signs that do not show in a name": where(
        "by Wrig\u200bgles\u200dthorpe, High Street", "Wrigglesthorpe"
    ),
    "soft hyphen in a name": where("Vex\u00adworthy at Golden Lamb", "Vexworthy"),
    "accents put on": where("B\u0301ra\u0300ckl\u0302editch on High Street", "Brackleditch"),
    "small capitals": where("ᴘʟᴜᴍꜱᴛɪᴛᴄʜ in Golden Lamb", "Plumstitch"),
    "mathematical letters": where("𝐃𝐫𝐢𝐧𝐠𝐥𝐞𝐛𝐮𝐫𝐲 in Golden Lamb", "Dringlebury"),
    "letters with spaces": where("by N e t t l e w h i s t l e, High Street", "Nettlewhistle"),
    "letters with dots": where("F.o.x.b.e.r.r.y.m.a.n at Golden Lamb", "Foxberryman"),
    # figures told otherwise
    "figures in words": where(f"NHS {SPELT}", SPELT),
    "figures in words with words between": where(
        "nine and nine and nine and four and two and six", "nine and nine and nine"
    ),
    "figures one by one": where("9 9 9 0 0 0 0 1 0 7", "9990000107"),
    "figures in pairs": where("99 90 00 01 15", "9990000115"),
    "figures with dots": where("9.9.9.0.0.0.0.1.2.3", "9990000123"),
    "figures with slashes": where("999/000/0131 High Street", "9990000131"),
    "letters for noughts": where("o77oo 9oo155", "o77oo9oo155"),
    "figures among times": where("9am 9am 9am 0am 1am 4am 7am", "9am 9am 9am"),
    "figures as roads": where("M9 A990 A000 B1666 M9", "M9 A990 A000"),
    "address in e-mail words": where("jane dot moonbeamer at example dot com", "moonbeamer"),
    "date of birth in words": where(
        "born the fourth of July nineteen eighty seven", "nineteen eighty"
    ),
    # homes that sound like places
    "somebody's flat": where("at Puddlejumper's flat, High Street", "Puddlejumper"),
    "somebody's by the first name": where("at Wojciech's", "Wojciech"),
    "a number on a street": where("83 Mill Lane", "83 Mill Lane"),
    "a number in words on a street": where("eighty three Mill Lane", "eighty three"),
    "a number behind the street": where("Mill Lane, 71", "Mill Lane, 71"),
    "a number with an ending": where("72nd Mill Lane", "72nd Mill Lane"),
    "a name of ordinary words": where("ex partner Jack Wood", "Jack Wood"),
    "a short name of ordinary words": where("hit by Jan Snow", "Jan Snow"),
    "a name of two months": where("hit by April May", "April May"),
    "a postcode with spaces": where("flat in Z E 9 9 9 Z Z", "ZE999ZZ"),
    # columns that are mapped as something else
    "name as method": in_column("Method", "Agnieszka Cobblewhite"),
    "name as sex": in_column("Sex", "Rhiannon Tattershawl"),
    "NHS number as kind of place": in_column("Kind", "9990000158"),
    "telephone as easting": in_column("E", "07700900166"),
    "telephone as northing": in_column("N", "07700 900177"),
    "telephone over easting and northing": Attack(
        ("07700 900199", "900199"), {"E": "07700", "N": "900199"}
    ),
    "address as alcohol": in_column("Alcohol", "91 Mill Lane"),
    "name as police": in_column("Police", "told PC Hobbledown"),
    "e-mail as relationship": in_column("Who", "m.inkpenny@example.com"),
    "NHS number as outcome": in_column("Outcome", "NHS 999 000 0182"),
    "telephone as number of assailants": in_column("How many", "07700900188"),
    "hospital number as small area": in_column("Area", "E77120034"),
    "postcode as small area": in_column("Area", "ZE9 9ZQ"),
    "NHS number as attendance number": in_column("No", "9990000204"),
    "name as age": in_column("Age", "31 Mumblechook"),
    "name as arrival": in_column("Arrived", "Gwenllian Tootlepipe 02:10"),
    "name as time of assault": in_column("Assaulted", "after Mohammed Snickerby left"),
    "a formula": where('=HYPERLINK("http://example.com/Twizzlefoot","x")', "Twizzlefoot"),
    "markup": where("<b>Grumblethwaite</b> <script>High Street</script>", "Grumblethwaite"),
    "a line break": where("High Street\nby Siobhan\nSprocketley", "Sprocketley"),
}  # fmt: skip
# Planted about the workbook: in its name, sheets, headings, properties, comments, repeated words.
WORKBOOK: dict[str, tuple[str, ...]] = {
    "file's name": ("Pockletonby", "07700 900211"),
    "name of the sheet": ("Whimbrelson",),
    "name of a hidden sheet": ("Tiddlecombe",),
    "cell of a hidden sheet": ("Yaffleworth",),
    "name of a range": ("Kettlebury",),
    "author": ("Ormskettle",), "last author": ("Birtlespoon",), "title": ("Dabblechick",),
    "subject": ("Fennelspring",), "keywords": ("Larkspurrier",), "remarks": ("Mossgander",),
    "category": ("Noddlestone",), "identifier": ("Ruddlewick",),
    "author of a comment": ("Swizzleford",), "text of a comment": ("9990000212",),
    "footer": ("Umberthwick",),
    "title above the header": ("Jinglethorpe", "07700 900222"),
    "heading left behind": ("Cripplegatesby", "07700 900233"),
    "heading of people": ("Blenkinslop",),
    "repeated word of a coded column, a name": ("Rhiannon",),
    "repeated word of a coded column, a title": ("Mr Zwingleby",),
    "repeated word of a coded column, a number": ("9990000220",),
    "repeated word of a coded column, a telephone": ("07700 900244",),
    "repeated word of a coded column, an e-mail": ("qvistgaard@example.com",),
    "repeated word of a coded column, figures in words": ("nine nine nine one two three",),
    "repeated word of a coded column, a disguise": ("Siоbhаn Glimmerpatch",),
}  # fmt: skip
POLICE: dict[str, Attack] = {
    "name in the location": Attack(
        ("Tweddlecroft",), {"Location": "outside Mr Tomasz Tweddlecroft, High Street"}
    ),
    "house in the location": Attack(("77 Mill Lane",), {"Location": "77 Mill Lane"}),
    "disguised name in the location": Attack(
        ("Skeffingtoon",), {"Location": "Sкеffіngtооn, High Street"}
    ),
    "figures one by one in the location": Attack(
        ("9990000247",), {"Location": "9 9 9 0 0 0 0 2 4 7 High Street"}
    ),
    "figures in words in the location": Attack(
        ("nine nine nine two four five",), {"Location": "nine nine nine two four five"}
    ),
    "name in the offence": Attack(
        ("Bumblecote",), {"Offence title": "S47 assault on Mr Bumblecote"}
    ),
    "NHS number as offence": Attack(("9990000255",), {"Offence title": "9990000255"}),
    "name as reference": Attack(("Crumblehorn",), {"Crime reference": "Crumblehorn"}),
    "hospital number as small area": Attack(("W77120036",), {"LSOA code": "W77120036"}),
}
MONTHLY_ROWS: dict[str, Attack] = {
    "monthly: name in the location": Attack(
        ("Ebblewhitham",), {"Location": "Mr Tomasz Ebblewhitham's house"}
    ),
    "monthly: house in the location": Attack(("66 Mill Lane",), {"Location": "66 Mill Lane"}),
    "monthly: number in the location": Attack(
        ("9990000263",), {"Location": "On or near 9990000263"}
    ),
    "monthly: telephone in the location": Attack(
        ("07700 900266",), {"Location": "On or near High Street ring 07700 900266"}
    ),
}
COUNTS: dict[str, Attack] = {
    "label of a first and a last name": Attack(("Sturdlewick",), {"Place": "Siobhan Sturdlewick"}),
    "label of a title and a name": Attack(("Hurdlestane",), {"Place": "Mrs Hurdlestane"}),
    "label of a house": Attack(("58 Mill Lane",), {"Place": "58 Mill Lane"}),
    "label with a telephone": Attack(("07700 900277",), {"Place": "bar, ring 07700 900277"}),
    "label with an NHS number": Attack(("9990000271",), {"Place": "NHS 9990000271"}),
    "label in look-alike letters": Attack(("Fernsbyhurst",), {"Place": "Siоbhаn Fеrnsbyhurst"}),
    "label with signs that do not show": Attack(
        ("Gorblewort",), {"Place": "Sio\u200bbhan Gor\u00adblewort"}
    ),
    "label in mathematical letters": Attack(("Tansyhopper",), {"Place": "𝐒𝐢𝐨𝐛𝐡𝐚𝐧 𝐓𝐚𝐧𝐬𝐲𝐡𝐨𝐩𝐩𝐞𝐫"}),
    "label of figures one by one": Attack(("9990000298",), {"Place": "bar 9 9 9 0 0 0 0 2 9 8"}),
    "label of figures in words": Attack(
        ("nine nine nine six six one",), {"Place": "nine nine nine six six one"}
    ),
    "label of an e-mail": Attack(("pennyfeathering",), {"Place": "pennyfeathering@example.com"}),
    "method of a name": Attack(("Oswaldtwister",), {"Method": "Mr Oswaldtwister"}),
    "title above the counts": Attack(("Cuttleworth", "07700 900288"), {}),
    "name of the counts' sheet": Attack(("Thimblewright",), {}),
    "count of a number": Attack(("9990000301",), {"Assaults": "9990000301"}),
}
# A file that begins with a patient instead of headings.
HEADLESS = [
    ("A1001", "03/03/2026 02:10", "Fist", "Street", "by Siobhan Marchbanksy", "9990000328"),
    *[("A1002", "04/03/2026 02:10", "Knife", "Pub", "High Street", "9990000336")] * 4,
]
# What gets through, and where it would have to be stopped.
# --- the deliveries ------------------------------------------------------------------------------


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def timed(number: int) -> dict[str, str]:
    day, hour = 1 + number % 28, 20 + number % 4
    return {
        "No": f"R{number:04}",
        "Arrived": f"{day:02}/03/2026 {hour}:{number % 60:02}",
        "Assaulted": f"{day:02}/03/2026 {hour - 1}:{number % 60:02}",
    }


def hospital_file(folder: Path, *, name: str = "march.csv", **changes: str) -> Path:
    """A sound row for every attack's row, so that there is something to publish."""
    planted = [{**BASE, **timed(n), **a.cells} for n, a in enumerate(ROWS.values())]
    sound = [
        {**BASE, **timed(n), "Where": place, "No": f"S{n:04}"}
        for n, place in enumerate(["High Street", "in Golden Lamb", "in Quimby's Bar"] * 12)
    ]
    home = {**BASE, **timed(90), "Where": "at Quimby's flat", "No": "HOME"}
    return write_csv(folder / name, [{**row, **changes} for row in (*planted, *sound, home)])


def workbook_file(folder: Path) -> Path:
    """A workbook with something about people in every corner."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Whimbrelson list"
    sheet.append(["Made by Siobhan Jinglethorpe, ring 07700 900222"])
    sheet.append([])
    sheet.append(
        ["Attendance number", "Date and time of arrival", "Date and time of assault", "Weapon",
         "Place of assault", "Location type", "Triage by Cripplegatesby 07700 900233",
         "Patient name (ask Blenkinslop)", "Relationship to assailant"]
    )  # fmt: skip
    words = [
        "Fist", "Rhiannon", "Mr Zwingleby", "9990000220", "07700 900244", "qvistgaard@example.com",
        "nine nine nine one two three", "Siоbhаn Glimmerpatch", "Bottled",
    ]  # fmt: skip
    for n in range(63):
        told = timed(n)
        sheet.append(
            [told["No"].replace("R", "W"), told["Arrived"], told["Assaulted"], words[n % 9],
             "High Street", "Street", "seen", "Siobhan Someone", words[(n + 1) % 9]]
        )  # fmt: skip
    sheet["A4"].comment = Comment("NHS 9990000212", "Swizzleford")
    sheet.oddFooter.center.text = "for Umberthwick"
    hidden = book.create_sheet("Tiddlecombe")
    hidden.append(["Yaffleworth", "9990000018"])
    hidden.sheet_state = "hidden"
    book.defined_names["Kettlebury"] = DefinedName("Kettlebury", attr_text="Tiddlecombe!$A$1")
    properties = book.properties
    properties.creator, properties.lastModifiedBy = "Ormskettle", "Birtlespoon"
    properties.title, properties.subject = "Dabblechick", "Fennelspring"
    properties.keywords, properties.description = "Larkspurrier", "Mossgander"
    properties.category, properties.identifier = "Noddlestone", "Ruddlewick"
    path = folder / "Siobhan Pockletonby 07700 900211 March 2026.xlsx"
    book.save(path)
    return path


def police_file(folder: Path) -> Path:
    rows = [
        {
            "Crime reference": f"WX/{n:05}/26", "Offence title": "Assault occasioning ABH",
            "Committed from": timed(n)["Assaulted"], "Committed to": timed(n)["Assaulted"],
            "Easting": "420010", "Northing": "310020", "Location": "High Street",
            "LSOA code": "", **attack.cells,
        }
        for n, attack in enumerate([*POLICE.values(), *([Attack((), {})] * 10)])
    ]  # fmt: skip
    return write_csv(folder / "crimes.csv", rows)


def monthly_file(folder: Path) -> Path:
    rows = [
        {"Month": "2026-03", "Location": "High Street", "Offence": "Public order", **attack.cells}
        for attack in MONTHLY_ROWS.values()
    ]
    return write_csv(folder / "monthly.csv", rows)


def counts_file(folder: Path) -> Path:
    rows = [
        {"Month": "March 2026", "Place": place, "Method": "Fist", "Assaults": str(7 + n)}
        for n, place in enumerate(["High Street", "Golden Lamb", "Mill Lane"])
    ]
    rows += [
        {**rows[0], "Place": f"Bar {chr(65 + n)}", **a.cells} for n, a in enumerate(COUNTS.values())
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Thimblewright"
    sheet.append(["Counted by Siobhan Cuttleworth, ring 07700 900288"])
    sheet.append([])
    for cells in (list(rows[0]), *(list(row.values()) for row in rows)):
        sheet.append(cells)
    path = folder / "counts.xlsx"
    book.save(path)
    return path


# --- the journeys --------------------------------------------------------------------------------


class Journey(NamedTuple):
    """A workspace after both journeys; all that was written or printed; the deliveries."""

    workspace: Path
    left: dict[str, Written]
    printed: dict[str, Written]
    delivered: dict[str, Written]

    def __repr__(self) -> str:
        """Nothing of what it holds, when a test fails."""
        return "Journey"


def run(*arguments: object, wanted: tuple[int | None, ...] = (0, 1, None)) -> str:
    """All that a command prints, on both streams."""
    out, before = io.StringIO(), sys.argv
    sys.argv = ["ed-hotspots", *map(str, arguments)]
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
            pytest.raises(SystemExit) as stop,
        ):
            cli.main()
    finally:
        sys.argv = before
    assert stop.value.code in wanted, f"{arguments[0]} ended with {stop.value.code}"
    return out.getvalue()


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacks")
    workspace, sent, out = folder / "w", folder / "sent", folder / "w" / "outputs" / "exports"
    sent.mkdir()
    told = [run("init", workspace, "--name", "Marford", "--marking", "TEST", "--premises-names")]
    out.mkdir(parents=True)
    (workspace / "reference" / "places.csv").write_text(PLACES, encoding="utf-8")
    for name, text in (("st-elsewhere", PROVIDER), ("monthly", MONTHLY)):
        (workspace / "providers" / f"{name}.toml").write_text(text, encoding="utf-8")
    ours = ("-w", workspace, "--provider")
    files = {
        "st-elsewhere": hospital_file(sent), "general": workbook_file(sent),
        "force": police_file(sent), "monthly": monthly_file(sent), "counted": counts_file(sent),
    }  # fmt: skip
    profiled = [
        run("profile", files[name], *ours, name, "--kind", kind, "--yes", "--agreement", "ISA-2")
        for name, kind in (("general", "ed"), ("force", "police"), ("counted", "counts"))
    ]
    headless = sent / "headless.csv"
    headless.write_text("".join(f"{','.join(row)}\n" for row in HEADLESS), encoding="utf-8")
    profiled.append(run("profile", headless, *ours, "headless", "--yes", wanted=(2,)))
    told.append(run("check", files["st-elsewhere"], *ours, "st-elsewhere", "--received", RECEIVED))
    held_open = None
    for name, file in files.items():
        told.append(run("ingest", file, *ours, name, "--received", RECEIVED, "--json"))
        # A reader that stays keeps the write-ahead log: every page ever written can be searched.
        held_open = held_open or reading(workspace)
    corrected = hospital_file(sent, name="corrected.csv", Method="Knife")
    told.append(run("ingest", corrected, *ours, "st-elsewhere", "--received", "2026-04-10"))
    told += [run("link", "-w", workspace), run("analyse", "-w", workspace, "--month", "2026-03")]
    told += [run("completeness", "-w", workspace), run("publish", "-w", workspace)]
    told += [run("status", "-w", workspace), run("status", "-w", workspace, "--json")]
    tables = ("assaults", "crimes", "links", "issues", "batches", "assault_counts")
    # One way out for all tables: each as CSV, those with points as GeoPackage too.
    for name in (*(f"{table}.csv" for table in tables), "assaults.gpkg", "crimes.gpkg"):
        table = name.partition(".")[0]
        told.append(run("export", table, out / name, "-w", workspace, "--release", "X"))
    batches = pd.read_csv(out / "batches.csv", encoding="utf-8-sig")["batch_id"]
    told += [run("why", batch, "-w", workspace) for batch in batches]
    left = everything_in(workspace)
    held_open.close()
    printed = {"printed": written("\n".join(told)), "profile": written("\n".join(profiled))}
    return Journey(workspace, left, printed, everything_in(sent))


def reading(workspace: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(workspace / "store" / "ed-hotspots.sqlite", isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT COUNT(*) FROM batches").fetchone()
    return connection


def found(journey: Journey, secrets: tuple[str, ...], *, shown: tuple[str, ...] = ()) -> list[str]:
    """Where any of the secrets is: by its number, never the value."""
    printed = {name: text for name, text in journey.printed.items() if name not in shown}
    return [
        f"secret {n} in {name}"
        for n, secret in enumerate(secrets)
        for name in holders({**journey.left, **printed}, secret)
    ]


# --- that the search can fail --------------------------------------------------------------------


@pytest.mark.parametrize("name", [*ROWS, *POLICE, *MONTHLY_ROWS, *COUNTS])
def test_what_was_planted_is_in_the_deliveries(journey, name):
    attack = {**ROWS, **POLICE, **MONTHLY_ROWS, **COUNTS}[name]

    assert attack.secrets
    for secret in attack.secrets:
        assert holders(journey.delivered, secret), name


def test_what_was_planted_about_the_workbook_is_in_it(journey):
    missing = [n for n, secrets in WORKBOOK.items() if not holders(journey.delivered, secrets[0])]

    assert missing == []


def test_the_journeys_left_something_to_search(journey):
    names = set(journey.left)
    stored = pd.read_csv(journey.workspace / "outputs" / "exports" / "assaults.csv")

    assert {"store/ed-hotspots.sqlite", "store/ed-hotspots.sqlite-wal"} <= names
    assert any(name.startswith("outputs/2026-03/") for name in names)
    assert {f"providers/{name}.toml" for name in ("general", "force", "counted")} <= names
    assert len(stored) > 130
    # The venue keeps its name; the home of the same name says nothing.
    assert (stored["location_text"] == "in Quimby's Bar").sum() == 12
    assert not any(name.startswith("logs/") for name in names)


def test_a_home_of_the_name_of_a_venue_is_a_home(journey):
    stored = pd.read_csv(journey.workspace / "outputs" / "exports" / "assaults.csv")

    assert (stored["place_name"] == "Quimby's Bar").sum() == 12


# --- that nothing is found -----------------------------------------------------------------------


@pytest.mark.parametrize("name", list(ROWS))
def test_nothing_of_a_patients_row_is_kept(journey, name):
    assert found(journey, ROWS[name].secrets) == []


@pytest.mark.parametrize("name", list(WORKBOOK))
def test_nothing_about_a_workbook_is_kept(journey, name):
    # The name of a file, and its headings, are shown to the person at the terminal alone.
    shown = {"file's name": ("printed", "profile"), "heading left behind": ("profile",),
             "heading of people": ("profile",)}  # fmt: skip

    assert found(journey, WORKBOOK[name], shown=shown.get(name, ())) == []


def test_a_file_that_begins_with_a_patient_is_refused_and_not_shown(journey):
    assert "headings are dates or numbers" in journey.printed["profile"].plain
    assert "providers/headless.toml" not in journey.left
    assert found(journey, ("Marchbanksy", "9990000328", "A1001")) == []


@pytest.mark.parametrize("name", list(POLICE))
def test_nothing_of_a_crime_is_kept(journey, name):
    assert found(journey, POLICE[name].secrets) == []


@pytest.mark.parametrize("name", list(MONTHLY_ROWS))
def test_nothing_of_a_monthly_crime_is_kept(journey, name):
    assert found(journey, MONTHLY_ROWS[name].secrets) == []


@pytest.mark.parametrize("name", list(COUNTS))
def test_nothing_of_a_label_is_kept(journey, name):
    assert found(journey, COUNTS[name].secrets) == []
