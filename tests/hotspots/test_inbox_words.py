"""What status says of files and of the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotspots.health import read_health, write_health
from hotspots.inbox_words import file_facts, file_lines, listed, service_lines
from tests.ed_ingest.test_arrivals import row

NOW = datetime(2025, 4, 3, 9, 0, tzinfo=UTC)


def test_every_open_file_is_listed_with_its_reason_and_what_to_do():
    refused = row("refused")._replace(place="quarantine", reason="No such column.")

    lines = file_lines(
        [row("waiting")._replace(reason="It is still being written."), refused], Path("w")
    )

    assert lines[1] == "Files not stored yet (2):"
    assert lines[2].endswith("waiting: It is still being written.")
    assert lines[3].endswith("refused: No such column.")
    assert "In quarantine/: 1." in lines[4]
    assert "ed-hotspots retry -w w" in lines[4]
    assert file_lines([], Path("w")) == []


def test_size_and_time_tell_files_of_one_name_apart():
    first = row("waiting")._replace(size=1234, seen_at=NOW)
    lines = file_lines([first, first._replace(seen_at=NOW + timedelta(days=1))], Path("w"))

    assert "1,234 bytes, came 03 April 2025, " in lines[2]
    assert "came 04 April 2025, " in lines[3]


def test_an_empty_file_says_that_it_is_waited_for():
    for state in ("seen", "waiting"):
        (line,) = file_lines([row(state)._replace(size=0)], Path("w"))[2:]
        assert line.endswith("It is empty so far: waited for a minute.")


def test_of_what_was_refused_only_what_still_lies_somewhere_is_listed():
    refused = row("refused")
    places = ("inbox", "quarantine", "gone")

    kept = listed([refused._replace(place=place) for place in places])

    assert [one.place for one in kept] == ["inbox", "quarantine"]
    # A link in the inbox is no matter of quarantine.
    assert not any("retry" in line for line in file_lines(kept[:1], Path("w")))


def test_of_many_files_the_latest_are_listed_and_the_others_counted():
    lines = file_lines([row("waiting")] * 25, Path("w"))

    assert len(lines) == 2 + 20 + 1
    assert "5 older ones" in lines[-1]


def test_a_file_for_machines_has_no_path_and_no_hash():
    assert set(file_facts(row())) == {
        *("file_id", "name", "provider", "size", "state", "place", "reason", "attempts"),
        *("seen_at", "next_try"),
    }


def test_a_service_is_alive_stopped_or_silent(tmp_path):
    assert "Nobody watches" in service_lines(read_health(tmp_path), now=NOW)[0]
    for state, ago, words in (
        ("running", 5, "watches the inbox, at work on: draft"),
        ("running", 3600, "no sign since"),
        ("stopped", 5, "was stopped on"),
    ):
        alive = (NOW - timedelta(seconds=ago)).isoformat()
        write_health(tmp_path, {"alive_at": alive, "state": state, "runs": "draft"})
        assert words in service_lines(read_health(tmp_path), now=NOW)[0]


def test_a_health_file_that_is_no_json_is_as_none(tmp_path):
    (tmp_path / "health.json").write_text("{", encoding="utf-8")

    assert read_health(tmp_path) is None
