"""Events of the file system wake the scan; they are only a hint, and never a storm."""

from __future__ import annotations

import logging
import sys
import threading
import time

import pytest

from hotspots.early_wake import not_more_often, wake_on_events


def test_a_new_file_and_a_folder_moved_in_wake_what_is_read_or_written_by_us_does_not(tmp_path):
    pytest.importorskip("watchdog")
    inbox, woken, calls = tmp_path / "inbox", threading.Event(), []
    receipts = inbox / "north" / "receipts"
    receipts.mkdir(parents=True)
    (inbox / "old.csv").write_text("a", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    end = wake_on_events(inbox, lambda: (calls.append(1), woken.set()))
    try:
        (inbox / "old.csv").read_text(encoding="utf-8")
        (receipts / "r.txt").write_text("ours", encoding="utf-8")
        time.sleep(0.2)
        assert not calls
        (inbox / "north" / "a.csv").write_text("a", encoding="utf-8")
        assert woken.wait(5)
        time.sleep(0.1)
        woken.clear()
        (tmp_path / "folder").rename(inbox / "folder")
        assert woken.wait(5)
    finally:
        end()


def test_it_ends_soon_and_quietly_while_files_come(tmp_path, capfd):
    pytest.importorskip("watchdog")
    over = threading.Event()

    def write() -> None:
        n = 0
        while not over.is_set():
            (tmp_path / f"{(n := n + 1) % 50}.csv").write_text("a", encoding="utf-8")

    end = wake_on_events(tmp_path, lambda: None)
    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.2)
    began = time.monotonic()
    end()
    took = time.monotonic() - began
    time.sleep(0.2)
    over.set()
    writer.join()

    assert took < 1
    assert logging.getLogger("watchdog.observers.inotify").getEffectiveLevel() > logging.ERROR
    assert capfd.readouterr().err == ""


def test_a_stuck_library_does_not_hold_up_the_end(tmp_path, monkeypatch):
    observers = pytest.importorskip("watchdog.observers")
    stuck = threading.Event()
    monkeypatch.setattr(observers.Observer, "stop", lambda self: stuck.wait(5))
    end = wake_on_events(tmp_path, lambda: None)
    began = time.monotonic()
    end()

    assert time.monotonic() - began < 2
    stuck.set()


def test_a_folder_that_is_missing_or_on_a_share_is_left_to_the_interval(tmp_path, monkeypatch):
    wake_on_events(tmp_path / "missing", print)()
    monkeypatch.setattr("hotspots.early_wake.on_network", lambda path: True)
    monkeypatch.setitem(sys.modules, "watchdog.observers", None)
    wake_on_events(tmp_path, print)()


def test_without_the_library_there_are_no_events(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchdog.observers", None)

    wake_on_events(tmp_path, print)()


def test_a_burst_of_events_makes_one_call(monkeypatch):
    at = [100.0]
    monkeypatch.setattr("hotspots.early_wake.time.monotonic", lambda: at[0])
    calls = []
    limited = not_more_often(lambda: calls.append(at[0]), gap_s=2)
    for step in range(1000):  # 10 seconds of a hundred events each
        at[0] = 100 + step / 100
        limited()

    assert calls == [100, 102, 104, 106, 108]
