"""The analyst's loop through the command line: words held, asked about, answered, placed anew."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from datetime import datetime, timedelta

import pytest

from ed_ingest.pipeline import ingest
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace, open_workspace
from hotspots import cli, places_commands

PROVIDER = """
name = "St Elsewhere"
kind = "ed"
[columns]
attendance_number = "No"
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Place"
location_text = "Where"
domestic_abuse = "DV"
"""
HEADER = "No,Arrived,Assaulted,Method,Place,Where,DV"
PLACES = """place_id,name,alt_names,kind,easting,northing,address,postcode
S1,High Street,,street,420000,310000,"Marford",
S2,Harbour Road,,street,421000,311000,"Marford",
P1,Xanadu Nite Spot,,premises,421010,311010,"4 Harbour Road, Marford",
P2,Burger Barn,,premises,420010,310010,"1 High Street, Marford",
P3,Burger Barn,,premises,421090,311000,"9 Harbour Road, Marford",
L1,Marford,,locality,420100,310100,,
"""
RECEIVED = datetime(2025, 4, 2, 9, 0)


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["ed-hotspots", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    (made.root / "providers" / "st-elsewhere.toml").write_text(PROVIDER, encoding="utf-8")
    (made.reference / "places.csv").write_text(PLACES, encoding="utf-8")
    return made


def rows(*texts, start=1, kind="Pub", abuse="No"):
    """One attendance a night from the day `start` of March on."""
    return [
        f'N{day},{day:02}/03/2025 02:10,{day:02}/03/2025 01:30,Punched,{kind},"{text}",{abuse}'
        for day, text in enumerate(texts, start)
    ]


def send(workspace, lines, name="march.csv", received=RECEIVED):
    path = workspace.root / name
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return ingest(path, open_workspace(workspace.root), "st-elsewhere", received_at=received)


def held(workspace):
    with open_store(workspace.store) as store:
        return store.read_held_words()


def stored(workspace):
    with open_store(workspace.store) as store:
        return store.read("assaults").sort_values("arrived_at").reset_index(drop=True)


def reviewed(run, workspace, *more):
    code, text, error = run("places", "review", "-w", workspace.root, "--json", *more)
    assert code == 0, error
    return json.loads(text)


XANADU = ("o/s Zanadoo club", "in Zanadoo, glassed", "outside Zanadoo", "Zanadoo bar, Marford")


# --- the loop ------------------------------------------------------------------------------------


def test_what_several_records_call_a_place_is_asked_once_with_candidates(run, workspace):
    send(workspace, rows(*XANADU, "High Street"))
    found = reviewed(run, workspace)

    (text,) = found["texts"]
    assert (text["text"], text["records"], found["n_records_held"]) == ("zanadoo", 4, 4)
    assert text["candidates"][0]["place_id"] == "P1"
    assert 0 < text["candidates"][0]["score"] <= 1
    assert text["candidates"][0]["address"] == "4 Harbour Road, Marford"


def test_an_answer_places_the_stored_records_and_is_used_for_those_to_come(run, workspace):
    send(workspace, rows(*XANADU, "High Street"))
    before = stored(workspace)
    found = reviewed(run, workspace, "--answer", "Zanadoo=P1")
    after = stored(workspace)

    assert (found["n_answers"], found["n_placed"], found["n_texts"]) == (1, 4, 0)
    placed = after.iloc[:4]
    assert set(placed["place_id"]) == {"P1"}
    assert set(placed["location_level"]) == {"premises"}
    assert set(zip(placed["easting"], placed["northing"], strict=True)) == {(421010, 311010)}
    assert placed["match_score"].between(0.5, 1).all()
    # The one that was placed already, and all times, are as they were.
    same = [c for c in before if c.endswith(("_at", "_from", "_to", "_of", "_id", "_precision"))]
    same = [c for c in same if c not in ("place_id", "incident_id")]
    assert after[same].equals(before[same])
    assert after.iloc[4].equals(before.iloc[4])
    assert held(workspace).empty

    send(workspace, rows("by zanadoo", start=20), name="later.csv")
    assert stored(workspace)["place_id"].iloc[-1] == "P1"


def test_a_place_found_anew_keeps_the_least_k_of_the_agreement(run, workspace):
    # Two patients of one night, alike as long as neither has a place; then one has.
    provider = PROVIDER.replace("[columns]", '[agreement]\nitems = ["sex"]\nk_min = 2\n[columns]')
    toml = workspace.root / "providers" / "st-elsewhere.toml"
    toml.write_text(provider + 'sex = "Sex"\n', encoding="utf-8")
    alike = [
        f'M{i},09/03/2025 0{i}:10,09/03/2025 01:30,Punched,Pub,"{text}",No,Female'
        for i, text in enumerate(("o/s Zanadoo club", "in a club"), 2)
    ]
    others = [f"{line},Male" for line in rows(*XANADU[1:], start=20)]
    path = workspace.root / "march.csv"
    path.write_text("\n".join([f"{HEADER},Sex", *alike, *others]) + "\n", encoding="utf-8")
    ingest(path, open_workspace(workspace.root), "st-elsewhere", received_at=RECEIVED)
    assert stored(workspace)["sex"].tolist()[:2] == ["female", "female"]

    reviewed(run, workspace, "--answer", "Zanadoo=P1")

    assert stored(workspace)["place_id"].tolist()[0] == "P1"
    assert stored(workspace)["sex"].tolist()[:2] == ["unknown", "unknown"]


def test_answers_stand_in_a_file_that_excel_opens(run, workspace):
    send(workspace, rows(*XANADU))
    reviewed(run, workspace, "--answer", "Zanadoo=P1")
    raw = (workspace.reference / "aliases.csv").read_bytes()
    lines = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))

    assert raw.startswith(b"\xef\xbb\xbf")
    today = datetime.now().astimezone().date().isoformat()
    assert lines == [{"alias": "zanadoo", "place_id": "P1", "decided_on": today}]


def test_an_alias_added_by_hand_is_used_for_stored_records_at_the_next_review(run, workspace):
    send(workspace, rows(*XANADU))
    (workspace.reference / "aliases.csv").write_text("alias,place_id\nThe Zanadoo,P1\n", "utf-8")

    assert reviewed(run, workspace)["n_placed"] == 4


def test_a_name_that_two_places_share_is_settled_only_where_nothing_else_tells(run, workspace):
    texts = ("Burger Barn", "at Burger Barn", "in burger barn", "Burger Barn, Harbour Road")
    send(workspace, rows(*texts))
    found = reviewed(run, workspace)
    assert [t["text"] for t in found["texts"]] == ["burger barn"]
    _, printed, _ = run("places", "review", "-w", workspace.root)
    assert "burger barn (several places of this name: skip" in printed
    assert {c["place_id"] for c in found["texts"][0]["candidates"][:2]} == {"P2", "P3"}

    reviewed(run, workspace, "--answer", "burger barn=P2")
    send(workspace, rows("Burger Barn", "Burger Barn, Harbour Road", start=20), name="b.csv")
    assert stored(workspace)["place_id"].tolist() == ["P2", "P2", "P2", "P3", "P2", "P3"]


def test_links_are_to_be_made_again_and_the_change_is_audited(run, workspace):
    send(workspace, rows(*XANADU))
    run("link", "-w", workspace.root)
    assert stored(workspace)["link_status"].notna().all()
    code, text, _ = run("places", "review", "-w", workspace.root, "--answer", "zanadoo=P1")

    assert code == 0
    assert "4 stored records placed anew." in text
    assert "ed-hotspots link" in text
    assert stored(workspace)["link_status"].isna().all()
    with open_store(workspace.store) as store:
        audit = store.connection.execute("SELECT action, counts FROM audit").fetchall()
    assert audit[-2:] == [
        ("answer places", '{"answers": 1}'),
        ("place anew", '{"records": 4, "withheld": 0}'),
    ]


def test_what_is_no_place_is_never_asked_again_and_no_longer_held(run, workspace):
    send(workspace, rows(*XANADU))
    found = reviewed(run, workspace, "--answer", "zanadoo=not_a_place")
    assert (found["n_texts"], found["n_placed"]) == (0, 0)
    assert held(workspace).empty

    send(workspace, rows(*XANADU, start=10), name="later.csv")
    assert held(workspace).empty
    assert set(stored(workspace)["location_level"]) == {"none", "area"}


def test_a_district_gets_its_level_and_no_point(run, workspace):
    send(workspace, rows("in Llanzed", "o/s Llanzed", "outside Llanzed"))
    reviewed(run, workspace, "--answer", "llanzed=locality")
    after = stored(workspace)

    assert set(after["location_level"]) == {"locality"}
    assert after[["easting", "northing", "place_id"]].isna().all(axis=None)
    assert held(workspace).empty


def test_a_home_is_withheld_from_then_on_and_in_the_past(run, workspace):
    send(workspace, rows("in Llanzed", "o/s Llanzed", "outside Llanzed", kind=""))
    (text,) = reviewed(run, workspace)["texts"]
    found = reviewed(run, workspace, "--answer", f"{text['text']}=home")
    send(workspace, rows("o/s Llanzed, High Street", start=10, kind="Street"), name="b.csv")
    after = stored(workspace)

    assert found["n_withheld"] == 3
    assert set(after["location_level"]) == {"withheld"}
    private = ["location_text", "place_id", "place_name", "easting", "northing", "lsoa"]
    assert after[private].isna().all(axis=None)
    assert set(after["location_type"]) == {"own_home", "street"}
    assert held(workspace).empty


def test_former_versions_of_what_is_a_home_keep_no_place(run, workspace):
    placed = [line.replace("in Llanzed", "High Street") for line in rows("in Llanzed", kind="")]
    send(workspace, [*placed, *rows("o/s Llanzed", "outside Llanzed", start=2, kind="")])
    texts = ("in Llanzed", "o/s Llanzed", "outside Llanzed")
    later = RECEIVED + timedelta(days=1)
    send(workspace, rows(*texts, kind=""), name="again.csv", received=later)
    past = "SELECT row FROM superseded WHERE row LIKE '%High Street%'"
    with open_store(workspace.store) as store:
        assert len(store.connection.execute(past).fetchall()) == 1

    reviewed(run, workspace, "--answer", "llanzed=home")

    with open_store(workspace.store) as store:
        assert store.connection.execute(past).fetchall() == []
        rows_kept = store.connection.execute("SELECT row FROM superseded").fetchall()
    assert all(json.loads(row)["location_level"] == "withheld" for (row,) in rows_kept)


def test_words_that_may_name_a_person_are_forgotten_and_written_nowhere(run, workspace):
    send(workspace, rows(*XANADU))
    found = reviewed(run, workspace, "--answer", "zanadoo=forget")

    assert (found["n_forgotten"], found["n_answers"], found["n_texts"]) == (4, 0, 0)
    assert held(workspace).empty
    assert not (workspace.reference / "aliases.csv").exists()
    with open_store(workspace.store) as store:
        audit = store.connection.execute("SELECT action, counts FROM audit").fetchall()
    assert audit[-1] == ("forget words", '{"records": 4}')


def test_texts_of_fewer_than_three_records_are_not_listed(run, workspace):
    send(workspace, rows("bus station", "in the bus station"))
    assert (len(held(workspace)), reviewed(run, workspace)["texts"]) == (2, [])


def test_the_most_frequent_come_first_and_top_cuts_the_list(run, workspace):
    send(workspace, rows(*XANADU, "bus station", "bus station", "by the bus station"))
    texts = [t["text"] for t in reviewed(run, workspace)["texts"]]
    assert texts == ["zanadoo", "bus station"]
    assert [t["text"] for t in reviewed(run, workspace, "--top", 1)["texts"]] == ["zanadoo"]


def test_without_json_the_list_is_printed_for_people(run, workspace):
    send(workspace, rows(*XANADU))
    code, text, _ = run("places", "review", "-w", workspace.root)

    assert code == 0
    assert "    4  zanadoo" in text
    assert "Xanadu Nite Spot, 4 Harbour Road, Marford (premises, P1;" in text


def test_an_empty_store_has_nothing_to_ask(run, workspace):
    assert reviewed(run, workspace)["texts"] == []


# --- at a terminal -------------------------------------------------------------------------------


@pytest.fixture
def at_terminal(monkeypatch):
    """Answer the questions of a terminal, one after another; the questions not asked are left."""

    def answers(*given):
        left = list(given)
        monkeypatch.setattr(places_commands, "_ask", lambda question, default: left.pop(0))
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        return left

    return answers


STATION = ("bus station", "bus station", "the bus station")


def test_a_number_chooses_a_candidate_and_q_ends(run, workspace, at_terminal):
    send(workspace, rows(*XANADU, *STATION))
    left = at_terminal("1", "q")
    code, text, _ = run("places", "review", "-w", workspace.root)

    assert (code, left) == (0, [])
    assert "1/2  zanadoo: 4 records" in text
    assert "1 answers written" in text
    assert "4 stored records placed anew." in text
    assert stored(workspace)["place_id"].notna().sum() == 4


def test_a_name_is_typed_and_an_unclear_one_gets_new_candidates(run, workspace, at_terminal):
    send(workspace, rows(*XANADU, *STATION))
    left = at_terminal("burger barns", "2", "high street")
    run("places", "review", "-w", workspace.root)
    after = stored(workspace)

    assert left == []
    assert set(after["place_id"].iloc[:4]) <= {"P2", "P3"}
    assert set(after["place_id"].iloc[4:]) == {"S1"}
    assert set(after["location_level"].iloc[4:]) == {"street"}


def test_letters_answer_too_and_s_asks_again_next_time(run, workspace, at_terminal):
    send(workspace, rows(*XANADU, *STATION))
    at_terminal("s", "n")
    run("places", "review", "-w", workspace.root)

    assert [t["text"] for t in reviewed(run, workspace)["texts"]] == ["zanadoo"]
    at_terminal("f")
    run("places", "review", "-w", workspace.root)
    assert reviewed(run, workspace)["texts"] == []
    assert "zanadoo" not in (workspace.reference / "aliases.csv").read_text("utf-8")


# --- wrong answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("zanadoo=P9", "in no file of the reference data"),
        ("zanadoo", "TEXT=PLACE_ID"),
        ("=P1", "TEXT=PLACE_ID"),
        ("...=P1", "has no words"),
    ],
)
def test_a_wrong_answer_is_refused_and_none_is_written(run, workspace, answer, told):
    send(workspace, rows(*XANADU))
    arguments = ("--answer", "bus station=P2", "--answer", answer)
    code, text, error = run("places", "review", "-w", workspace.root, *arguments)

    assert (code, text) == (2, "")
    assert told in error
    assert "zanadoo" not in error
    assert not (workspace.reference / "aliases.csv").exists()
    assert stored(workspace)["place_id"].isna().sum() >= 3


def test_an_answer_that_contradicts_the_file_is_refused(run, workspace):
    send(workspace, rows(*XANADU))
    reviewed(run, workspace, "--answer", "zanadoo=P1")
    arguments = ("--answer", "zanadoo=P2")
    assert "another meaning" in run("places", "review", "-w", workspace.root, *arguments)[2]
    # The same answer again is no contradiction, and adds no line.
    assert reviewed(run, workspace, "--answer", "zanadoo=P1")["n_answers"] == 0


def test_a_faulty_file_stops_every_command_with_one_sentence(run, workspace):
    (workspace.reference / "aliases.csv").write_text("alias,place_id\nzanadoo,P9\n", "utf-8")
    code, _, error = run("places", "review", "-w", workspace.root)

    assert code == 2
    assert error.startswith("ed-hotspots: reference/aliases.csv: line 2")
    assert error.count("\n") == 1


# --- what is held --------------------------------------------------------------------------------


def all_text(workspace) -> str:
    with sqlite3.connect(workspace.store) as connection:
        text = "\n".join(connection.iterdump())
    connection.close()
    return text.lower()


@pytest.mark.parametrize("times", [1, 2, 3, 6])
def test_a_persons_name_is_not_held_however_often_it_is_said(workspace, times):
    send(workspace, rows(*["Zanadoo club with Darren"] * times, *["o/s Darren's bar"] * times))
    assert "darren" not in all_text(workspace)


@pytest.mark.parametrize(("times", "is_held"), [(1, False), (2, False), (3, True)])
def test_a_word_that_nobody_knows_is_held_once_three_records_share_it(workspace, times, is_held):
    send(workspace, rows(*["o/s Quillfeather's"] * times))
    assert ("quillfeather" in all_text(workspace)) is is_held


def test_three_patients_of_one_night_are_not_enough(workspace):
    lines = [f"N{i}{line[line.index(',') :]}" for i in range(4) for line in rows("o/s Zanadoo")]
    send(
        workspace, [f"{line.rsplit(',', 1)[0]},{'No' if i else ''}" for i, line in enumerate(lines)]
    )
    assert len(stored(workspace)) == 4
    assert held(workspace).empty


def test_one_record_sent_again_and_again_counts_once(workspace):
    for i in range(4):
        send(workspace, [*rows("o/s Zanadoo"), *rows("High Street", start=10 + i)], name=f"{i}.csv")
    assert held(workspace).empty
    assert "zanadoo" not in all_text(workspace)


@pytest.mark.parametrize(
    "change", [{"kind": "Own home"}, {"kind": "", "abuse": "Yes"}, {"kind": "zzz", "abuse": "Yes"}]
)
def test_nothing_is_held_of_what_is_or_may_be_a_home(workspace, change):
    send(workspace, rows(*XANADU, **change))
    assert len(stored(workspace)) == 4
    assert held(workspace).empty


def test_nothing_is_held_of_records_that_have_their_place(workspace):
    send(workspace, rows(*["Zanadoo, High Street"] * 4))
    assert held(workspace).empty


def test_numbers_of_unknown_words_are_not_held(workspace):
    send(workspace, rows(*["o/s Zanadoo zx81quv"] * 4))
    assert len(held(workspace)) == 4
    assert "zx81" not in all_text(workspace)


def test_the_stored_words_of_the_record_itself_are_sealed_as_ever(workspace):
    send(workspace, rows(*XANADU))
    assert not stored(workspace)["location_text"].fillna("").str.lower().str.contains("zan").any()


# --- how long ------------------------------------------------------------------------------------


def set_retention(workspace, **values):
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        before = {"words_days": "words_days = 92", "words_min_records": "words_min_records = 3"}
        assert before[name] in text
        text = text.replace(before[name], f"{name} = {value}")
    path.write_text(text, encoding="utf-8")


def age(workspace, days):
    """Make all held words older."""
    day = datetime.now().astimezone().date() - timedelta(days=days)
    with open_store(workspace.store) as store:
        store.connection.execute("UPDATE held_words SET held_on = ?", (day.isoformat(),))


@pytest.mark.parametrize(("days", "left"), [(91, 4), (92, 0), (400, 0)])
def test_words_are_purged_after_their_days_at_review_and_at_ingest(run, workspace, days, left):
    send(workspace, rows(*XANADU))
    age(workspace, days)
    found = reviewed(run, workspace)
    assert (len(held(workspace)), found["n_purged"]) == (left, 4 - left)

    if left:
        age(workspace, 92)
        send(workspace, rows("High Street", start=20), name="later.csv")
        assert held(workspace).empty
    with open_store(workspace.store) as store:
        actions = [row[0] for row in store.connection.execute("SELECT action FROM audit")]
    assert "purge words" in actions


def test_a_later_delivery_does_not_make_held_words_younger(workspace):
    send(workspace, rows(*XANADU))
    age(workspace, 50)
    before = held(workspace)["held_on"].iloc[0]
    send(workspace, rows("o/s Zanadoo", start=20), name="later.csv")

    assert held(workspace)["held_on"].value_counts()[before] == 4
    assert len(held(workspace)) == 5  # one record is enough where four others share the word


def test_no_days_hold_none_and_take_out_what_is_held(workspace):
    send(workspace, rows(*XANADU))
    set_retention(workspace, words_days=0)
    send(workspace, rows(*XANADU, start=10), name="later.csv")
    assert held(workspace).empty


def test_words_that_are_taken_out_are_overwritten_on_disk(run, workspace):
    send(workspace, rows(*XANADU))
    age(workspace, 92)
    reviewed(run, workspace)
    for path in workspace.store.parent.iterdir():
        assert b"anadoo" not in path.read_bytes()


def test_the_least_number_of_records_is_a_setting(workspace):
    set_retention(workspace, words_min_records=5)
    send(workspace, rows(*XANADU))
    assert held(workspace).empty
    send(workspace, rows(*XANADU, "o/s Zanadoo"), name="again.csv")
    assert len(held(workspace)) == 5


# --- deliveries that change ----------------------------------------------------------------------


def test_a_delivery_sent_again_replaces_the_held_words(workspace):
    send(workspace, rows(*XANADU, "o/s Zanadoo"))
    again = rows("High Street", *XANADU)
    send(workspace, again, name="again.csv")

    assert len(held(workspace)) == 4
    assert stored(workspace)["location_level"].iloc[0] == "street"


def test_words_that_too_few_records_share_after_a_correction_are_held_no_more(workspace):
    send(workspace, rows(*XANADU[:3]))
    assert len(held(workspace)) == 3
    send(workspace, rows("High Street"), name="correction.csv")

    assert "zanadoo" not in all_text(workspace)


def raw_held(workspace) -> set[str]:
    """Ids in the table itself, whatever became of their records."""
    with open_store(workspace.store) as store:
        return {row[0] for row in store.connection.execute("SELECT event_id FROM held_words")}


def test_a_row_left_out_of_a_period_sent_again_loses_its_held_words(workspace):
    lines = rows(*XANADU * 5)
    send(workspace, lines)
    assert len(raw_held(workspace)) == 20
    receipt = send(workspace, [*lines[:9], *lines[10:]], name="again.csv")

    assert receipt.counts["n_superseded"] == 1
    assert raw_held(workspace) == set(stored(workspace)["event_id"])
    assert len(raw_held(workspace)) == 19


def test_a_row_that_is_held_back_after_all_loses_its_held_words(workspace):
    lines = rows(*XANADU)
    send(workspace, lines)
    future = lines[0].replace("2025", "2031")
    receipt = send(workspace, [future], name="correction.csv")

    assert receipt.counts["n_withdrawn"] == 1
    assert raw_held(workspace) == set(stored(workspace)["event_id"])
    assert len(raw_held(workspace)) == 3


def test_an_older_delivery_taken_later_holds_no_words_of_rows_that_are_outdated(workspace):
    send(workspace, rows(*["High Street"] * 4), received=datetime(2025, 5, 2, 9, 0))
    receipt = send(workspace, rows(*XANADU), name="older.csv")

    assert receipt.counts["n_outdated"] == 4
    assert held(workspace).empty
