"""What is done with a file of the inbox, decided from what is known of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.arrivals import NO_FOLDER, NO_PROVIDER, judge
from ed_ingest.delivered_files import FileRow, Found, Scan, Seen

NOW = datetime(2025, 4, 3, 9, 0, tzinfo=UTC)
HOLD = timedelta(seconds=10)
LOOKS = Seen(100, 1, "aa")


def row(state="seen", held_s=10.0, seen=LOOKS, next_try=None, key="k") -> FileRow:
    since = NOW - timedelta(seconds=held_s)
    return FileRow(
        *("id", key, "x.csv", ".csv", "st-marys", *seen, None, state, "inbox", "", 0, next_try),
        *(None, since, since, False),
    )


def found(provider="st-marys", seen=LOOKS, key="k", **more) -> Found:
    return Found(Path("x.csv"), key, provider, seen, **more)


def judged(files, rows, complete=True):
    scan = Scan(files, complete)
    arrivals = judge(scan, rows, now=NOW, hold=HOLD, providers=["st-marys"])
    return {name: entries for name, entries in arrivals._asdict().items() if entries}


def test_a_file_is_ready_once_it_has_held_still_long_enough():
    assert list(judged([found()], [])) == ["new"]
    assert list(judged([found()], [row(held_s=9.9)])) == []
    assert list(judged([found()], [row(held_s=10)])) == ["ready"]
    for other in (Seen(101, 1, "aa"), Seen(100, 2, "aa"), Seen(100, 1, "ab")):
        assert list(judged([found(seen=other)], [row(held_s=3600)])) == ["changed"]


def test_an_empty_file_must_hold_still_for_a_minute():
    empty = Seen(0, 1, "")

    assert judged([found(seen=empty)], [row(seen=empty, held_s=59)]) == {}
    assert list(judged([found(seen=empty)], [row(seen=empty, held_s=60)])) == ["ready"]


def test_a_file_to_be_tried_again_waits_for_its_time_and_not_for_stillness():
    later = row("retry", held_s=1, next_try=NOW + timedelta(seconds=1))
    due = row("retry", held_s=1, next_try=NOW)

    assert judged([found()], [later]) == {}
    assert list(judged([found()], [due])) == ["ready"]


def test_whose_a_file_is_must_be_known():
    assert judged([found("")], [row()])["waiting"][0][1] == NO_FOLDER
    assert judged([found("other")], [row()])["waiting"][0][1] == NO_PROVIDER


def test_a_handled_file_is_left_alone_or_cleared_away():
    assert list(judged([found()], [row("stored")])) == ["left"]
    assert judged([found(refused=True)], [row("refused")]) == {}


def test_what_is_gone_is_said_only_when_all_was_seen():
    assert list(judged([], [row()])) == ["vanished"]
    assert judged([], [row()], complete=False) == {}


KEYS = st.sets(st.sampled_from("abcdef"))
STATES = st.sampled_from(["seen", "waiting", "retry", "stored", "duplicate", "refused"])


@given(KEYS, st.dictionaries(st.sampled_from("abcdef"), st.tuples(STATES, st.integers(-5, 90))))
def test_every_file_and_every_row_has_one_verdict_at_most(keys, rows):
    known = [row(state, held_s=held, key=key) for key, (state, held) in rows.items()]
    verdicts = judged([found(key=key) for key in keys], known)
    told = [
        (entry if name in ("new", "vanished") else entry[0]).path_key
        for name, entries in verdicts.items()
        for entry in entries
    ]

    assert len(told) == len(set(told))
    assert {f.path_key for f in verdicts.get("new", [])} == keys - set(rows)
    assert {r.path_key for r in verdicts.get("vanished", [])} == set(rows) - keys
