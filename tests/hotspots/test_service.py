"""The service as a process: it starts, refuses a second, stops in time, survives being killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ed_ingest.errors import StoreError, WorkspaceError
from ed_ingest.store import open_store
from ed_ingest.watched import Handled
from ed_ingest.workspace import make_workspace
from hotspots import service
from tests.hotspots.service_double import WORK

ROOT = Path(__file__).parents[2]
DOUBLE = Path(__file__).with_name("service_double.py")


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="P", marking="M", premises_names=False)
    settings = made.root / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("scan_seconds = 10 ", "scan_seconds = 0.1").replace(
        "settle_seconds = 2 ", "settle_seconds = 0"
    )
    settings.write_text(text, encoding="utf-8")
    (made.inbox / "north").mkdir()
    return made


def start(workspace, *arguments):
    return subprocess.Popen(
        [sys.executable, str(DOUBLE), str(workspace.root), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@contextmanager
def running(workspace, *arguments):
    """A service that surely ends with the test."""
    process = start(workspace, *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(condition, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def health(workspace):
    path = workspace.root / "logs" / "health.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def events(workspace):
    text = (workspace.root / "logs" / "service.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def calls(workspace):
    path = workspace.root / "calls.txt"
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def drop(workspace, name, text="a"):
    (workspace.inbox / "north" / name).write_text(text, encoding="utf-8")


def stopped_in(process, sign=signal.SIGTERM):
    """Seconds until a process ended after a signal."""
    began = time.monotonic()
    process.send_signal(sign)
    process.wait(timeout=30)
    return time.monotonic() - began


def broken_and_mended(workspace):
    settings = workspace.root / "settings.toml"
    good = settings.read_text(encoding="utf-8")
    settings.write_text(good + "\n[map]\nmon", encoding="utf-8")
    wait_for(lambda: any(e["event"] == "settings_broken" for e in events(workspace)))
    drop(workspace, "with-the-last-good-settings.csv")
    wait_for(lambda: not list(workspace.inbox.glob("*/*.csv")))
    settings.write_text(good, encoding="utf-8")
    wait_for(lambda: any(e["event"] == "settings_mended" for e in events(workspace)))
    assert sum(e["event"] == "settings_broken" for e in events(workspace)) == 1


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_the_life_of_a_service(workspace):
    with running(workspace) as first:
        wait_for(lambda: health(workspace).get("last_scan"))
        assert health(workspace)["pid"] == first.pid

        second = start(workspace)
        _, told = second.communicate(timeout=30)
        assert second.returncode == 2
        assert f"process {first.pid} of" in told
        assert health(workspace)["since"] in told

        drop(workspace, "a.csv")
        wait_for(lambda: calls(workspace)[-1:] == ["draft"])
        broken_and_mended(workspace)
        drop(workspace, "bad.csv", text="Dafydd Prys")
        wait_for(lambda: "last_error" in health(workspace))
        assert health(workspace)["last_error"]["fault"] == "ValueError"
        (workspace.inbox / "north" / "bad.csv").unlink()

        # Killed in the middle of a transaction.
        drop(workspace, "slow.csv")
        wait_for(lambda: calls(workspace)[-1:] == ["slow"])
        first.kill()
        first.wait()

    with running(workspace) as third:  # the lease is free again, and the file is taken up again
        wait_for(lambda: calls(workspace).count("slow") == 2)
        # A sign of life comes in mid-job too.
        alive = health(workspace)["alive_at"]
        wait_for(lambda: health(workspace)["alive_at"] > alive)
        assert health(workspace)["runs"] == "inbox"
        assert stopped_in(third) < 5
        assert third.returncode == 0
    assert events(workspace)[-1]["event"] == "stopped_in_mid_job"
    (workspace.inbox / "north" / "slow.csv").unlink()

    drop(workspace, "patient.csv")
    with running(workspace) as fourth:
        wait_for(lambda: calls(workspace)[-1:] == ["patient"])
        assert stopped_in(fourth, signal.SIGINT) < 5
        assert fourth.returncode == 0
        said, faults = fourth.communicate()
    assert faults == ""
    assert said.splitlines()[-1].endswith("stopped")
    assert events(workspace)[-1]["event"] == "stopped"
    assert health(workspace)["state"] == "stopped"

    with open_store(workspace.store) as store:
        assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert (
            store.connection.execute("SELECT * FROM figures WHERE name = 'half'").fetchall() == []
        )
    told = (workspace.root / "logs" / "service.jsonl").read_text(encoding="utf-8")
    assert "Dafydd" not in told
    assert {e["event"] for e in events(workspace)} >= {
        "started", "file", "scanned", "job_done", "job_failed", "purged", "notice",
    }  # fmt: skip
    # What is due once a day is done once, through four starts.
    assert sum(e["event"] == "notice" for e in events(workspace)) == 1
    (stored,) = [e for e in events(workspace) if e["event"] == "file"][:1]
    assert (stored["provider"], stored["batch_id"], stored["state"]) == ("north", "b1", "stored")


@pytest.fixture
def quiet_signals():
    """Handlers of signals as they were before."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    assert signal.getsignal(signal.SIGTERM) == before


def test_once_does_all_that_is_due_and_ends(workspace, quiet_signals, capsys):
    drop(workspace, "a.csv")

    assert service.run_service(workspace.root, once=True, work=WORK) == 0
    assert calls(workspace) == ["draft"]
    assert [e["event"] for e in events(workspace)] == [
        "started", "file", "scanned", "job_done", "purged", "job_done", "notice", "job_done",
        "stopped",
    ]  # fmt: skip

    assert service.run_service(workspace.root, once=True, work=WORK) == 0
    assert calls(workspace) == ["draft"]


def test_once_says_by_its_code_that_something_failed(workspace, quiet_signals):
    drop(workspace, "bad.csv", text="Dafydd Prys")

    assert service.run_service(workspace.root, once=True, work=WORK) == 3


@pytest.mark.parametrize(("state", "code"), [("refused", 2), ("retry", 2), ("duplicate", 0)])
def test_once_says_by_its_code_that_a_file_was_not_taken(workspace, quiet_signals, state, code):
    take = lambda *_, **__: [Handled("f1", "a.csv", "north", state)]  # noqa: E731

    work = WORK._replace(take_inbox=take)
    assert service.run_service(workspace.root, once=True, work=work) == code


def test_an_inbox_that_cannot_be_reached_holds_up_nothing_else(workspace, quiet_signals):
    def fail(workspace, **options):
        raise WorkspaceError("The inbox cannot be reached.")

    assert service.run_service(workspace.root, once=True, work=WORK._replace(take_inbox=fail)) == 2
    assert [e["event"] for e in events(workspace)][1:4] == ["job_failed", "purged", "job_done"]


def test_a_store_on_a_share_is_refused_and_nothing_is_written(workspace, monkeypatch):
    monkeypatch.setattr("ed_ingest.file_systems.on_network", lambda path: True)

    with pytest.raises(StoreError, match="network share"):
        service.run_service(workspace.root, work=WORK)
    assert not (workspace.root / "store" / "service.lock").exists()


def test_a_clock_that_is_put_back_does_not_put_off_the_next_scan(workspace, monkeypatch):
    # The scan's next turn is an hour away; after the first scan the clock is put back by a day.
    real, offset, scans, signals = time.time, [0.0], [], []

    def take(workspace, *, now, stop, tell):
        scans.append(1)
        if len(scans) == 2:
            signals[0].append(signal.SIGTERM)
        return []

    def put_back(workspace, now):
        offset[0] = -86_400.0
        return {}

    @contextmanager
    def catch(asked):
        signals.append(asked)
        yield

    settings = workspace.root / "settings.toml"
    text = settings.read_text(encoding="utf-8").replace("scan_seconds = 0.1", "scan_seconds = 3600")
    settings.write_text(text, encoding="utf-8")
    monkeypatch.setattr("hotspots.service.time.time", lambda: real() + offset[0])
    monkeypatch.setattr(service, "catch_stops", catch)

    work = WORK._replace(take_inbox=take, purge=put_back)

    assert service.run_service(workspace.root, work=work) == 0
    assert len(scans) == 2
