"""Purge: what was kept for its time goes, once, without a trace, and does not come back."""

from __future__ import annotations

import os
import random
import sqlite3
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from ed_ingest import pipeline
from ed_ingest.delivered_files import Seen
from ed_ingest.file_states import change_file, new_file, read_files
from ed_ingest.pipeline import check, ingest
from ed_ingest.retention import purge
from ed_ingest.store import open_store
from ed_ingest.store_removal import mark_to_overwrite, overwrite_freed
from ed_ingest.store_tables import transaction
from ed_ingest.workspace import make_workspace, open_workspace
from tests.ed_ingest.test_store import record, sealed
from tests.leaks import found_in

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PROVIDER = """
name = "St Elsewhere"
kind = "ed"
[columns]
attendance_number = "Number"
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Place"
location_text = "Where"
"""
HEADER = "Number,Arrived,Assaulted,Method,Place,Where\n"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(pipeline, "_today", lambda: NOW.date())


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    (made.root / "providers" / "st-elsewhere.toml").write_text(PROVIDER, encoding="utf-8")
    (made.reference / "places.csv").write_text(
        "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
        "S1,Zanzibar Street,,street,420000,310000,Marford,\n"
        "S2,Quibell Street,,street,421000,311000,Marford,\n",
        encoding="utf-8",
    )
    return made


def with_retention(workspace, **values):
    """The workspace with other settings of [retention]."""
    path = workspace.root / "settings.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        lines = [
            f"{name} = {value}" if line.lstrip("# ").startswith(f"{name} =") else line
            for line in text.splitlines()
        ]
        text = "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")
    return open_workspace(workspace.root)


def rows(month: str, where: str, n: int = 3) -> str:
    return "".join(
        f"{month}{i},0{i}/{month} 02:10,0{i}/{month} 01:30,Punched,Street,{where}\n"
        for i in range(1, n + 1)
    )


def take(workspace, text, received, name="file.csv"):
    path = workspace.root / name
    path.write_text(HEADER + text, encoding="utf-8")
    receipt = ingest(path, workspace, "st-elsewhere", received_at=received)
    path.unlink()
    return receipt


def all_tables(workspace) -> dict[str, list[tuple]]:
    with open_store(workspace.store) as store:
        names = store.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        return {
            name: store.connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for (name,) in names
        }


def months_stored(workspace) -> list[str]:
    with open_store(workspace.store) as store:
        return sorted(set(store.read("assaults")["arrived_at"].dt.strftime("%Y-%m")))


def filled(workspace) -> None:
    """January 2025 on Zanzibar Street, corrected later; February 2026 on Quibell Street."""
    with open_store(workspace.store) as store:
        for batch_id, month, where, received, method in (
            ("b1", "2025-01", "Zanzibar Street", "2025-02-03 09:00", "body_part"),
            ("b2", "2025-01", "Zanzibar Street", "2025-02-10 09:00", "sharp_object"),
            ("b3", "2026-02", "Quibell Street", "2026-03-03 09:00", "body_part"),
        ):
            moment = pd.Timestamp(f"{month}-02 01:30").as_unit("s")
            times = dict.fromkeys(("arrived_at", "assault_from", "assault_to"), moment)
            names = [f"attendance-{month}-{i}" for i in range(3)]
            record(
                store,
                sealed(
                    *names, batch_id=batch_id, location_text=where, assault_method=method, **times
                ),
                batch_id=batch_id,
                file_hash=batch_id * 32,
                received_at=received,
            )
            store.connection.execute(
                "UPDATE batches SET period_from = ?, period_to = ? WHERE batch_id = ?",
                (f"{month}-01", f"{month}-28", batch_id),
            )


OLD = [f"attendance-2025-01-{i}" for i in range(3)]


def test_records_go_when_their_time_is_over_and_leave_no_trace(workspace):
    filled(workspace)
    assert len(found_in(workspace.store.parent, [*OLD, "Zanzibar"])) == 4  # or it could not fail

    kept = purge(with_retention(workspace, records_months=14), now=NOW)
    assert (kept.since, kept.counts) == (date(2025, 1, 1), {})
    purged = purge(with_retention(workspace, records_months=13), now=NOW)

    assert purged.counts == {"assaults": 3, "superseded": 3}
    assert purged.overwritten
    assert months_stored(workspace) == ["2026-02"]
    assert found_in(workspace.store.parent, [*OLD, "Zanzibar"]) == []


def test_all_that_hangs_on_old_records_goes_and_what_is_young_stays(workspace):
    workspace = with_retention(workspace, records_months=12)
    filled(with_retention(workspace, records_months=24))
    old, young = "2025-01-05", "2026-02-05"
    with open_store(workspace.store) as store:
        batches = dict(store.connection.execute("SELECT period_from, batch_id FROM batches"))
        of = {old: batches["2025-01-01"], young: batches["2026-02-01"]}
        for day, batch in of.items():
            run = store.connection.execute
            run(
                "INSERT INTO crimes (crime_id, provider, batch_id, offence_group, committed_from,"
                " committed_to, time_precision, location_level, location_type, alcohol,"
                " domestic_abuse, knife, night_time_economy) VALUES (?, 'force', ?, 'other', ?, ?,"
                " 'date', 'none', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown')",
                (day, batch, day, day),
            )
            event = run("SELECT event_id FROM assaults WHERE batch_id = ?", (batch,)).fetchone()
            event_id = event[0] if event else "none"
            run("INSERT INTO links (event_id, crime_id, distance_m, gap_min, probability)"
                " VALUES (?, ?, 1, 1, 0.9)", (event_id, day))  # fmt: skip
            run("INSERT INTO assault_counts (count_id, provider, batch_id, period_from, period_to,"
                " location_level, assault_method) VALUES (?, 'c', ?, ?, ?, 'none', 'unknown')",
                (day, batch, day, day))  # fmt: skip
            run("INSERT INTO held_back VALUES (?, 2, 'st-elsewhere', NULL, ?, 0)", (batch, day[:7]))
            run("INSERT INTO held_back VALUES (?, 3, 'st-elsewhere', NULL, NULL, 0)", (batch,))
            run("INSERT INTO withdrawn VALUES (?, 'x')", (batch,))
            run("INSERT INTO issues (batch_id, row, rule, fate, remedy, \"column\", shape)"
                " VALUES (?, 9, 'r', 'noted', 'm', 'c', '')", (batch,))  # fmt: skip
    before = all_tables(workspace)

    purge(workspace, now=NOW)

    after = all_tables(workspace)
    for table in ("crimes", "links", "assault_counts", "withdrawn"):
        assert (len(before[table]), len(after[table])) == (2, 1), table
    assert (len(before["held_back"]), len(after["held_back"])) == (4, 2)
    assert set(after["issues"]) < set(before["issues"])
    assert len(after["assaults"]) == 3
    assert after["batches"] == before["batches"]


def test_a_purge_is_audited_once_and_a_second_finds_nothing(workspace):
    filled(workspace)
    workspace = with_retention(workspace, records_months=13)

    first, second = (purge(workspace, now=NOW) for _ in range(2))

    entries = [row for row in all_tables(workspace)["audit"] if row[3] == "purge"]
    assert [row[4] for row in entries] == ["records before 2025-02-01"]
    assert first.counts
    assert second.counts == {}


def test_a_dry_run_tells_the_same_and_changes_nothing(workspace):
    filled(workspace)
    workspace = with_retention(workspace, records_months=13)
    before = all_tables(workspace)

    told = purge(workspace, now=NOW, dry_run=True)

    assert all_tables(workspace) == before
    assert purge(workspace, now=NOW).counts == told.counts == {"assaults": 3, "superseded": 3}


def test_what_was_purged_does_not_come_back(workspace):
    first = rows("01/2025", "Zanzibar Street")
    take(workspace, first, datetime(2025, 2, 3, 9))
    workspace = with_retention(workspace, records_months=13)
    assert purge(workspace, now=NOW).counts["assaults"] == 3

    same = take(workspace, first, datetime(2026, 3, 10, 9))
    mixed = rows("03/2026", "Quibell Street", 2) + first
    again = take(workspace, mixed, datetime(2026, 3, 10, 10), "mixed.csv")

    assert same.state == "duplicate"
    assert (again.counts["n_stored"], again.counts["n_held_back"]) == (2, 3)
    assert months_stored(workspace) == ["2026-03"]
    told = [rule for rule in again.rules if "for which records are kept" in rule]
    assert len(told) == 1


def test_a_longer_time_keeps_what_a_shorter_one_takes(workspace):
    filled(workspace)
    longer = with_retention(workspace, records_months=24)
    assert purge(longer, now=NOW).counts == {}
    shorter = with_retention(workspace, records_months=1)

    assert purge(shorter, now=NOW + timedelta(days=60)).counts["assaults"] == 6  # all of them
    assert months_stored(workspace) == []


def test_check_tells_of_rows_that_are_too_old(workspace):
    workspace = with_retention(workspace, records_months=13)
    path = workspace.root / "old.csv"
    path.write_text(HEADER + rows("01/2025", "Zanzibar Street"), encoding="utf-8")

    receipt = check(path, workspace, "st-elsewhere", received_at=datetime(2026, 3, 10))

    assert (receipt.counts["n_stored"], receipt.counts["n_held_back"]) == (0, 3)


# --- files -------------------------------------------------------------------------------------


def put_file(workspace, file_id, place, state, *, days):
    """A file of the watched folder that came to its place so many days ago."""
    at = NOW - timedelta(days=days)
    with open_store(workspace.store) as store:
        new_file(
            store.connection, path_key="", name="x.csv", ending=".csv", provider="st-elsewhere",
            seen=_SEEN, at=at, place=place, file_id=file_id,
        )  # fmt: skip
        change_file(
            store.connection, file_id, at=at, state=state, told=True,
            batch_id=f"b-{file_id}" if place == "archive" else None,
        )  # fmt: skip
    folder = workspace.root / place / "st-elsewhere"
    if place in ("archive", "quarantine"):
        folder.mkdir(exist_ok=True)
        stem = f"b-{file_id}" if place == "archive" else file_id
        (folder / f"{stem}.csv").write_text("Jane Doe", encoding="utf-8")
        if place == "quarantine":
            (folder / f"{stem}.reason.txt").write_text("no date", encoding="utf-8")


_SEEN = Seen(8, 0, "s")


def left_of(workspace, place) -> list[str]:
    return sorted(p.name for p in (workspace.root / place).rglob("*") if p.is_file())


def states(workspace) -> dict[str, str]:
    with open_store(workspace.store) as store:
        return {row.file_id: row.place for row in read_files(store.connection)}


def test_refused_files_go_with_their_reason_when_their_days_are_over(workspace):
    put_file(workspace, "young", "quarantine", "refused", days=29.9)
    put_file(workspace, "old", "quarantine", "refused", days=30)
    put_file(workspace, "tried", "quarantine", "retry", days=40)

    purged = purge(workspace, now=NOW)

    assert purged.counts == {"quarantined files": 2}
    assert left_of(workspace, "quarantine") == [
        *("tried.csv", "tried.reason.txt", "young.csv", "young.reason.txt"),
    ]
    assert states(workspace) == {"young": "quarantine", "old": "gone", "tried": "quarantine"}


def test_raw_files_are_kept_as_long_as_the_setting_says(workspace):
    workspace = with_retention(workspace, raw_days=14)
    put_file(workspace, "young", "archive", "stored", days=13)
    put_file(workspace, "old", "archive", "stored", days=15)

    purge(workspace, now=NOW)
    assert left_of(workspace, "archive") == ["b-young.csv"]
    purge(with_retention(workspace, raw_days=0), now=NOW)

    assert left_of(workspace, "archive") == []
    assert states(workspace) == {"young": "gone", "old": "gone"}


def test_files_that_no_row_knows_go_by_their_own_time(workspace):
    folder = workspace.root / "archive" / "st-elsewhere"
    folder.mkdir()
    (folder / "restored.csv").touch()
    workspace = with_retention(workspace, raw_days=2)

    purge(workspace, now=datetime.now(UTC) + timedelta(days=1))
    assert left_of(workspace, "archive") == ["restored.csv"]
    purge(workspace, now=datetime.now(UTC) + timedelta(days=3))

    assert left_of(workspace, "archive") == []


def test_rows_of_files_that_are_nowhere_go_once_they_were_told(workspace):
    put_file(workspace, "young", "gone", "stored", days=29)
    put_file(workspace, "old", "gone", "stored", days=30)
    put_file(workspace, "untold", "gone", "stored", days=90)
    with open_store(workspace.store) as store:
        store.connection.execute("UPDATE files SET told = 0 WHERE file_id = 'untold'")

    assert purge(workspace, now=NOW).counts == {"files": 1}
    assert sorted(states(workspace)) == ["untold", "young"]


def test_old_receipts_and_logs_go_and_deliveries_stay(workspace):
    inbox = workspace.inbox / "st-elsewhere"
    (inbox / "receipts").mkdir(parents=True)
    old = (NOW - timedelta(days=93)).timestamp()
    paths = [
        inbox / "receipts" / "2025-01-01-0123456789ab.txt",
        workspace.root / "logs" / "a.log",
        inbox / "march.csv",
    ]
    for path in paths:
        path.touch()
        os.utime(path, (old, old))
    # Neither of them was changed today, whatever the file system says of its own entries.
    later = datetime.now(UTC) + timedelta(days=100)

    assert purge(workspace, now=later).counts == {"receipts": 1, "logs": 1}
    assert [path.exists() for path in paths] == [False, False, True]


def test_a_file_that_is_open_elsewhere_stays_and_so_does_its_row(workspace, monkeypatch):
    put_file(workspace, "old", "quarantine", "refused", days=31)
    real = type(workspace.root).unlink

    def unlink(path, *args, **kwargs):
        if path.name == "old.csv":
            raise PermissionError
        return real(path, *args, **kwargs)

    monkeypatch.setattr(type(workspace.root), "unlink", unlink)
    purged = purge(workspace, now=NOW)
    monkeypatch.undo()

    assert (purged.left, states(workspace)) == (1, {"old": "quarantine"})
    assert purge(workspace, now=NOW).left == 0
    assert states(workspace) == {"old": "gone"}


def test_a_reader_keeps_the_journal_and_the_next_purge_empties_it(workspace, monkeypatch):
    monkeypatch.setattr("ed_ingest.store_removal._LONGEST_WAIT_MS", 50)
    filled(workspace)
    workspace = with_retention(workspace, records_months=13)
    reader = sqlite3.connect(workspace.store, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM assaults LIMIT 1").fetchone()

    first = purge(workspace, now=NOW)
    reader.close()
    second = purge(workspace, now=NOW)

    assert (first.overwritten, second.overwritten) == (False, True)
    assert second.counts == {}
    assert found_in(workspace.store.parent, ["Zanzibar"]) == []


def test_deliveries_stay_in_the_order_in_which_they_were_taken(workspace):
    filled(workspace)
    order = "SELECT batch_id FROM batches ORDER BY rowid"
    with open_store(workspace.store) as store:
        before = store.connection.execute(order).fetchall()
        store.connection.execute("DELETE FROM batches WHERE rowid = 2")  # a gap to close
    purge(with_retention(workspace, records_months=13), now=NOW)

    with open_store(workspace.store) as store:
        assert store.connection.execute(order).fetchall() == [before[0], before[2]]


def test_pages_that_sqlite_put_in_order_keep_no_copy(workspace):
    # Rows of all lengths, some of them growing and going: SQLite moves cells from page to page,
    # and secure_delete does not zero where they were.
    rng = random.Random(8)  # noqa: S311 (the same rows each time)
    with open_store(workspace.store) as store:
        run, names = store.connection.execute, []
        for _ in range(40):
            with transaction(store.connection):
                for _ in range(150):
                    words = rng.choice(["Zanzibar", "Quibell"])
                    names.append(f"{rng.getrandbits(64):x}")
                    row = (names[-1], words, words + "x" * rng.randrange(60))
                    run("INSERT INTO held_words VALUES (?, ?, ?, '', '', '', '2026-03-09')", row)
                for _ in range(60):
                    more = ("y" * rng.randrange(200), rng.choice(names))
                    run("UPDATE held_words SET words = words || ? WHERE event_id = ?", more)
                for _ in range(40):
                    run("DELETE FROM held_words WHERE event_id = ?", (rng.choice(names),))
        with transaction(store.connection):
            run("DELETE FROM held_words WHERE batch_id = 'Zanzibar'")
            mark_to_overwrite(store.connection)
        run("PRAGMA wal_checkpoint(TRUNCATE)")
        before = workspace.store.read_bytes().count(b"Zanzibar")

        assert overwrite_freed(store.connection)

    if not before:
        pytest.skip("this SQLite leaves no trace by itself")
    assert workspace.store.read_bytes().count(b"Zanzibar") == 0


def test_words_that_a_delivery_takes_out_are_overwritten_by_the_next_purge(workspace):
    filled(workspace)
    with open_store(workspace.store) as store:
        row = (OLD[0], "b2", "Zanzibar", "2026-01-01")
        store.connection.execute("INSERT INTO held_words VALUES (?, ?, ?, '', '', '', ?)", row)
        store.purge_held_words(until=date(2026, 1, 1))
        marked = "SELECT count(*) FROM figures WHERE name = 'to overwrite'"
        before = store.connection.execute(marked).fetchone()[0]

    purge(workspace, now=NOW)

    with open_store(workspace.store) as store:
        assert (before, store.connection.execute(marked).fetchone()[0]) == (1, 0)
