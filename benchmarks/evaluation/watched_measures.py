"""What the service takes of time and memory, and how long readers wait meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from ed_ingest.job_states import newest_data, read_done
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace

from .live_service import (
    change_settings,
    command,
    environment,
    health,
    live,
    make_live,
    month_file,
    n_handled,
    wait_until,
)


class Many(NamedTuple):
    """Seconds from the drop until all are stored, and most memory of the service and its reader."""

    n_files: int
    seconds: float
    service_mib: float
    reader_mib: float


class Waits(NamedTuple):
    """Longest seconds of a whole command, before the delivery and while it is taken."""

    name: str
    n_runs: int
    before_s: float
    during_s: float
    failed: int


class Renewed(NamedTuple):
    """Seconds from the drop of a file until it is stored, and until the draft has it."""

    n_rows: int
    n_before: int
    stored_s: float
    draft_s: float


def many_files(root: Path, n_files: int, *, rows: int = 50) -> Many:
    """Drop so many files at once into a new workspace with the settings as they come."""
    workspace = make_live(root, ["north"])
    aside = root / "aside"
    aside.mkdir()
    for i in range(n_files):
        text = month_file(f"{2024 + i // 12 % 2}-{1 + i % 12:02d}", 1000 * i, rows)
        (aside / f"{i}.csv").write_text(text, encoding="utf-8")
    with live(root) as process:
        wait_until(lambda: "last_scan" in health(root), seconds=120)
        with _memory_of(process.pid) as peaks:
            began = time.monotonic()
            aside.rename(workspace.inbox / "north" / "all")
            wait_until(lambda: n_handled(workspace) == n_files, seconds=3600, every_s=1)
            seconds = time.monotonic() - began
            _wait_for_draft(workspace)
    with open_store(workspace.store) as store:
        if len(store.read("batches")) != n_files:
            raise AssertionError("not every file was stored")
    return Many(n_files, seconds, peaks[0] / 2**20, peaks[1] / 2**20)


def readers_during_a_write(root: Path, *, rows: int = 20_000) -> list[Waits]:
    """Ask `status` and `export` again and again while a large delivery is taken."""
    workspace = make_live(root, ["north"], settle_s=0)
    out = root / "out.csv"
    asked = {
        "status --json": command("status", root, "--json"),
        "export assaults": command("export assaults", root, str(out)),
    }
    with live(root):
        first = workspace.inbox / "north" / "first.csv"
        first.write_text(month_file("2026-01", 900_000, 200), encoding="utf-8")
        _wait_for_draft(workspace)
        over = time.monotonic() + 20
        before = _ask_until(lambda: time.monotonic() > over, asked)
        large = workspace.inbox / "north" / "large.csv"
        large.write_text(month_file("2026-02", rows=rows), encoding="utf-8")
        during = _ask_until(lambda: _has_draft(workspace, 2), asked)
    return [
        Waits(
            name,
            len(during[name]),
            max(s for s, _ in before[name]),
            max(s for s, _ in during[name]),
            sum(not good for _, good in before[name] + during[name]),
        )
        for name in asked
    ]


def drop_to_draft(workspace: Workspace, n: int, last: Path, folder: str) -> Renewed:
    """Take what lies in the inbox, then drop one file more: how long until the draft has it.

    Parameters
    ----------
    workspace
        With the settings as they come.
    n
        How many files lie in the inbox already.
    last
        The delivery to be timed; it lies elsewhere, on the same disk.
    folder
        The provider's folder of the inbox.
    """
    root = workspace.root
    with live(root):
        wait_until(lambda: n_handled(workspace) >= n, seconds=1800, every_s=1)
        _wait_for_draft(workspace)
        with open_store(workspace.store) as store:
            n_before = sum(len(store.read(table)) for table in ("assaults", "crimes"))
            if len(store.read("batches")) != n:
                raise AssertionError("not every file was stored")
        began = time.monotonic()
        last.rename(workspace.inbox / folder / last.name)
        wait_until(lambda: n_handled(workspace) > n, seconds=600)
        stored_s = time.monotonic() - began
        _wait_for_draft(workspace)
        draft_s = time.monotonic() - began
    with open_store(workspace.store) as store:
        newest = store.read("batches").sort_values("received_at").iloc[-1]
    return Renewed(int(newest["n_read"]), n_before, stored_s, draft_s)


def no_month_pack(root: Path) -> None:
    """Have no month pack made while something is measured."""
    change_settings(root, "pack_day = 15 ", "pack_day = 0 ")


def parted(inbox: Path, last: Path, *, rows: int) -> Path:
    """Take the last months' CSV files out of a hospital's folder, as one file of so many rows."""
    header, lines = b"", []
    for path in sorted(inbox.glob("*.csv"), reverse=True):
        header, *more = path.read_bytes().splitlines(keepends=True)
        lines += more
        path.unlink()
        if len(lines) >= rows:
            break
    last.write_bytes(b"".join([header, *lines[:rows]]))
    return last


def _wait_for_draft(workspace: Workspace) -> None:
    wait_until(lambda: _has_draft(workspace, 1), seconds=1800, every_s=0.2)


def _has_draft(workspace: Workspace, n_files: int) -> bool:
    if n_handled(workspace) < n_files:
        return False
    with open_store(workspace.store) as store:
        newest, done = newest_data(store.connection), read_done(store.connection)
    return newest is not None and done.get("draft") == str(newest.number)


def _ask_until(
    over: Callable[[], bool], asked: dict[str, list[str]]
) -> dict[str, list[tuple[float, bool]]]:
    """Give the commands in turn until it is over; seconds of each, and whether it went well."""
    told: dict[str, list[tuple[float, bool]]] = {name: [] for name in asked}
    while not over():
        for name, words in asked.items():
            began = time.monotonic()
            done = subprocess.run(words, env=environment(), check=False, capture_output=True)
            good = done.returncode == 0 and not done.stderr
            if name.endswith("--json"):
                with suppress(ValueError):
                    good = good and bool(json.loads(done.stdout))
            told[name].append((time.monotonic() - began, good))
    return told


@contextmanager
def _memory_of(pid: int) -> Iterator[list[int]]:
    """Most resident bytes of a process, and of its children together, seen during the block."""
    peaks, over = [0, 0], threading.Event()

    def look() -> None:
        process = psutil.Process(pid)
        while not over.wait(0.1):
            with suppress(psutil.Error):
                peaks[0] = max(peaks[0], process.memory_info().rss)
                children = process.children(recursive=True)
                peaks[1] = max(peaks[1], sum(child.memory_info().rss for child in children))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def load() -> str:
    """How busy the machine is, in words."""
    if not hasattr(os, "getloadavg"):
        return "load unknown"
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
