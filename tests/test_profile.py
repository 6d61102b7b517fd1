"""An unseen layout, from the file to stored records, as an analyst takes it down."""

from __future__ import annotations

import json
import tomllib

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from ed_ingest.errors import EdHotspotsError
from ed_ingest.guarded import Limits
from ed_ingest.profiling import profile_file
from ed_ingest.workspace import make_workspace
from hotspots.cli import app
from hotspots.profile import NOT_WRITTEN, Wanted, run_profile
from hotspots.questions import NOT_AGREED, ask_about, proposal_lines

HEADINGS = (
    "Attendance Number,NHS Number,Surname,Came in,Date of assault,Time of assault,Weapon,"
    "Type of place,Where it happened,Last drink venue,Triage note,Police told?"
)
PLANTED = ("9990000018", "Yellowleyes", "07700 900123", "Zanzibar Rooms", "A0077", "Swan Lane")


def delivery(folder):
    rows = [
        f"A{1000 + i * 37},9990000018,Yellowleyes,"
        f"{1 + i:02d}/03/2026 23:{i:02d},{1 + i:02d}/03/2026,"
        f"21:{i:02d},{('Fist', 'Knife', 'ZQ7')[i % 3]},{('Pub', 'Street')[i % 2]},"
        f'"Swan Lane","Zanzibar Rooms","ring 07700 900123",{("Y", "N")[i % 2]}'
        for i in range(24)
    ]
    path = folder / "march.csv"
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "w", name="Marford", marking="TEST", premises_names=False)


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_an_unseen_file_is_mapped_written_and_stored(tmp_path, workspace):
    file = delivery(tmp_path)

    profiled = run("profile", file, "-w", workspace.root, "--provider", "general", "--yes")
    ingested = run("ingest", file, "-w", workspace.root, "--provider", "general")

    assert profiled.exit_code == 0, profiled.output
    assert ingested.exit_code == 0, ingested.output
    assert "24 stored" in ingested.output
    written = tomllib.loads((workspace.root / "providers" / "general.toml").read_text("utf-8"))
    assert written["columns"] == {
        "arrived_at": "Came in",
        "assault_date": "Date of assault",
        "assault_time": "Time of assault",
        "assault_method": "Weapon",
        "location_type": "Type of place",
        "location_text": "Where it happened",
        "reported_to_police": "Police told?",
        "attendance_number": "Attendance Number",
    }


def test_nothing_that_profile_tells_or_writes_holds_a_cell_of_text_or_of_a_person(
    tmp_path, workspace
):
    file = delivery(tmp_path)

    outputs = [
        run("profile", file, "-w", workspace.root, "--provider", "general", *more).output
        for more in ((), ("--json",), ("--yes",), ("--yes", "--json"))
    ]

    text = "".join(outputs) + (workspace.root / "providers" / "general.toml").read_text("utf-8")
    assert [value for value in PLANTED if value in text] == []
    # A coded word that no list knows is shown, so that it can be mapped: it comes eight times.
    assert '# "ZQ7" = "unknown"' in text


def test_without_yes_or_a_terminal_nothing_is_written(tmp_path, workspace):
    told = run("profile", delivery(tmp_path), "-w", workspace.root, "--provider", "general")

    assert told.exit_code == 0
    assert "Nothing is written yet" in told.output
    assert not (workspace.root / "providers" / "general.toml").exists()


def test_an_earlier_mapping_is_kept_beside_the_new_one(tmp_path, workspace):
    (workspace.root / "providers" / "general.toml").write_text("# mine\n", encoding="utf-8")

    run("profile", delivery(tmp_path), "-w", workspace.root, "--provider", "general", "--yes")

    kept = workspace.root / "providers" / "general.toml.old"
    assert kept.read_text(encoding="utf-8") == "# mine\n"
    assert (workspace.inbox / "general").is_dir()
    run("profile", delivery(tmp_path), "-w", workspace.root, "--provider", "general", "--yes")
    assert kept.read_text(encoding="utf-8") == "# mine\n"
    assert kept.with_name("general.toml.old2").is_file()


def test_machines_are_told_each_column_and_what_names_people(tmp_path, workspace):
    told = run(
        "profile", delivery(tmp_path), "-w", workspace.root, "--provider", "general", "--json"
    )

    columns = {c["header"]: c for c in json.loads(told.output)["columns"]}
    assert columns["Weapon"]["maps_to"] == ["assault_method"]
    marked = {header for header, column in columns.items() if column["identifier"]}
    assert {"NHS Number", "Surname", "Triage note"} <= marked


def test_a_person_can_change_a_column_by_its_number(tmp_path):
    profile = profile_file(delivery(tmp_path), limits=Limits())
    # Column 7 is the weapon; 0 leaves it behind; an empty answer ends the questions.
    answers = iter(["7", "0", ""])

    changed = ask_about(profile, lambda question, default: next(answers))

    assert "assault_method" not in changed.proposal.columns
    assert "how the patient was assaulted" in changed.missing


def test_codes_that_another_sheet_explains_are_written_as_the_providers_words(tmp_path, workspace):
    book = Workbook()
    book.active.title = "Data"
    book.active.append(["Date of arrival", "Assault method"])
    for day in range(1, 13):
        book.active.append([f"{day:02d}/03/2026 22:10", ("BP", "KN")[day % 2]])
    codes = book.create_sheet("Codes")
    for row in (("Code", "Meaning"), ("BP", "Fist or foot"), ("KN", "Knife"), ("GL", "Bottle")):
        codes.append(row)
    book.save(tmp_path / "coded.xlsx")

    run("profile", tmp_path / "coded.xlsx", "-w", workspace.root, "--provider", "general", "--yes")

    written = tomllib.loads((workspace.root / "providers" / "general.toml").read_text("utf-8"))
    assert written["values"]["assault_method"] == {"BP": "body_part", "KN": "sharp_object"}


def test_a_police_file_and_counts_are_taken_down_too(tmp_path, workspace):
    police = tmp_path / "crimes.csv"
    police.write_text(
        "Crime Ref,HO Code,Offence,Committed From,Committed To,Easting,Northing,Victim Name\n"
        "1,8N,Assault with injury,01/03/2026 22:00,01/03/2026 22:30,318000,176000,Yellowleyes\n",
        encoding="utf-8",
    )
    counts = tmp_path / "counts.csv"
    counts.write_text(
        "Month,Location,Assault type,Number\n2026-01,Swan Lane,Knife,7\n2026-01,Mill Lane,Fist,*\n",
        encoding="utf-8",
    )

    for file, kind in ((police, "police"), (counts, "counts")):
        told = run(
            "profile", file, "-w", workspace.root, "--provider", kind, "--kind", kind, "--yes"
        )
        stored = run("ingest", file, "-w", workspace.root, "--provider", kind)
        assert told.exit_code == 0, told.output
        assert stored.exit_code == 0, stored.output
    mapped = tomllib.loads((workspace.root / "providers" / "police.toml").read_text("utf-8"))
    assert mapped["columns"]["committed_from"] == "Committed From"
    assert "Victim Name" not in str(mapped["columns"])


def test_a_wrong_option_is_told_in_one_sentence(tmp_path, workspace):
    told = run(
        "profile", delivery(tmp_path), "-w", workspace.root, "--provider", "x", "--kind", "hospital"
    )

    assert isinstance(told.exception, EdHotspotsError)
    assert str(told.exception) == "--kind: choose one of ed, police, counts."


def without_days(folder):
    file = delivery(folder)
    rows = [line.split(",") for line in file.read_text("utf-8").splitlines()]
    file.write_text("\n".join(",".join(r[:3] + r[5:]) for r in rows) + "\n", encoding="utf-8")
    return file


def test_a_file_without_any_day_is_not_written_unasked(tmp_path, workspace):
    told = run(
        "profile", without_days(tmp_path), "-w", workspace.root, "--provider", "general", "--yes"
    )

    assert isinstance(told.exception, EdHotspotsError)
    assert told.exception.exit_code == 2
    assert "no row could be stored" in str(told.exception)
    assert "without --yes" in str(told.exception)
    assert "No column was found for when the patient arrived." in told.output
    assert not (workspace.root / "providers" / "general.toml").exists()


def test_at_a_terminal_a_file_without_any_day_is_told_loudly_and_left_by_default(
    tmp_path, workspace
):
    told = []

    _, lines = run_profile(
        without_days(tmp_path), workspace, "general", Wanted(), yes=False,
        ask=lambda question, default: default, tell=told.extend,
    )  # fmt: skip

    assert any(line.startswith("ATTENTION: no column") for line in told)
    assert lines == [NOT_WRITTEN]


def test_what_is_agreed_but_told_by_another_column_is_not_called_unagreed(tmp_path):
    file = delivery(tmp_path)
    rows = file.read_text("utf-8").splitlines()
    births = ["Date of birth,Age", *(f"{1 + i:02d}/05/{1960 + i},{65 - i}" for i in range(24))]
    both = [f"{row},{birth}" for row, birth in zip(rows, births, strict=True)]
    file.write_text("\n".join(both) + "\n", encoding="utf-8")

    def told(*items):
        lines = proposal_lines(profile_file(file, limits=Limits(), agreed=items))
        return next(line for line in lines if "Date of birth" in line)

    assert NOT_AGREED in told()
    assert NOT_AGREED not in told("age_band")
