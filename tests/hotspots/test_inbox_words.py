"""What status says of files and of the service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hotspots.health import read_health, write_health
from hotspots.inbox_words import file_facts, file_lines, service_lines
from tests.ed_ingest.test_arrivals import row

NOW = datetime(2025, 4, 3, 9, 0, tzinfo=UTC)


def test_every_open_file_is_listed_with_its_reason_and_what_to_do():
    refused = row("refused")._replace(place="quarantine", reason="No such column.")

    lines = file_lines([row("waiting")._replace(reason="It is still being written."), refused])

    assert lines[1] == "Files not stored yet (2):"
    assert lines[2].endswith("waiting: It is still being written.")
    assert lines[3].endswith("refused: No such column.")
    assert "ed-hotspots retry" in lines[4]
    assert file_lines([]) == []


def test_of_many_files_the_latest_are_listed_and_the_others_counted():
    lines = file_lines([row("waiting")] * 25)

    assert len(lines) == 2 + 20 + 1
    assert "5 older ones" in lines[-1]


def test_a_file_for_machines_has_no_path_and_no_hash():
    assert set(file_facts(row())) == {
        *("file_id", "name", "provider", "state", "place", "reason", "attempts"),
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
