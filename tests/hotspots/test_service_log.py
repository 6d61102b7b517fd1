"""The log and the health file: what they hold, who may read them, what stops nothing."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from ed_ingest.errors import FileError
from hotspots import service_log
from hotspots.health import write_health
from hotspots.service_log import Event, failure, in_words, write_event

AT = datetime(2026, 7, 1, 11, 0, 0, 5000, tzinfo=UTC)
VALUE = "Dafydd Prys 9990000018"


def lines(folder):
    text = (folder / "service.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_a_json_line_and_a_line_in_words(tmp_path, capsys):
    event = Event(
        "file", provider="north", file_id="ab12", batch_id="20260701-1", state="stored",
        counts={"n_stored": 28, "n_held_back": 1}, seconds=1.25, words=VALUE,
    )  # fmt: skip
    write_event(tmp_path, event, at=AT)

    (line,) = lines(tmp_path)
    assert datetime.fromisoformat(line.pop("at")) == AT
    assert line == {
        "event": "file", "provider": "north", "file_id": "ab12", "batch_id": "20260701-1",
        "state": "stored", "counts": {"n_stored": 28, "n_held_back": 1}, "seconds": 1.25,
    }  # fmt: skip
    told = capsys.readouterr().out
    assert "file, north, stored, batch 20260701-1, 28 stored, 1 held back, 1.2 s" in told
    assert told.count("\n") == 1


def test_a_failure_tells_kind_and_place_and_never_the_message(tmp_path, capsys):
    def refuse():
        raise FileError(VALUE)

    with pytest.raises(FileError) as refused:
        refuse()
    with pytest.raises(ValueError) as bug:  # noqa: PT011 - its message is the value
        int(VALUE)
    write_event(tmp_path, failure("inbox", refused.value, 3), at=AT)
    write_event(tmp_path, failure("inbox", bug.value, 4), at=AT)

    assert VALUE not in in_words(failure("inbox", bug.value, 4))

    assert VALUE not in (tmp_path / "service.jsonl").read_text(encoding="utf-8")
    first, second = lines(tmp_path)
    assert (first["fault"], first["attempts"]) == ("FileError", 3)
    assert second["where"].startswith("test_service_log.py:")


def test_a_log_that_is_full_is_begun_anew_and_the_oldest_goes(tmp_path):
    for number in range(40):
        write_event(tmp_path, Event("scanned", attempts=number), at=AT, max_bytes=200)

    kept = sorted(p.name for p in tmp_path.iterdir())
    assert kept == ["service.jsonl", *(f"service.jsonl.{n}" for n in range(1, 6))]
    assert all(p.stat().st_size <= 200 for p in tmp_path.iterdir())
    assert lines(tmp_path)[-1]["attempts"] == 39


@pytest.mark.skipif(os.name != "posix", reason="rights are told otherwise there")
def test_log_and_health_file_are_the_owners_only(tmp_path):
    write_event(tmp_path, Event("started"), at=AT)
    write_health(tmp_path, {"pid": 1})

    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {0o600}


def test_a_log_that_cannot_be_written_and_a_terminal_that_is_gone_stop_nothing(
    tmp_path, monkeypatch
):
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr(service_log.sys, "stdout", None)

    write_event(tmp_path / "logs", Event("started"), at=AT)
    write_health(tmp_path / "logs", {"pid": 1})


def test_the_health_file_is_replaced_whole(tmp_path):
    write_health(tmp_path, {"pid": 1, "runs": None})
    first = (tmp_path / "health.json").stat().st_ino
    write_health(tmp_path, {"pid": 2})

    assert [p.name for p in tmp_path.iterdir()] == ["health.json"]
    assert json.loads((tmp_path / "health.json").read_text(encoding="utf-8")) == {"pid": 2}
    assert (tmp_path / "health.json").stat().st_ino != first
