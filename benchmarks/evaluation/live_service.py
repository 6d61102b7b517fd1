"""A real service, as `ed-hotspots watch` runs it: started, killed and asked from outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from ed_ingest.file_states import count_files
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace, make_workspace, open_workspace

ROOT = Path(__file__).parents[2]
HEADER = "Number,Arrived,Assault at,Type,Where,Method\n"
PROVIDER = """
name = "{name}"
kind = "ed"
[columns]
attendance_number = "Number"
arrived_at = "Arrived"
assault_from = "Assault at"
attendance_reason = "Type"
location_text = "Where"
assault_method = "Method"
"""
PLACES = (
    "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
    "p1,The Harbour Bar,,premises,318500,176500,1 Quay Street,CF10 1AA\n"
    "p2,The Old Mill,,premises,318900,176900,2 Mill Lane,CF10 1AB\n"
)


def make_live(
    root: Path, providers: Sequence[str], *, scan_s: float = 10, settle_s: float = 2
) -> Workspace:
    """Make a workspace whose providers send files of `month_file`."""
    made = make_workspace(root, name="Testby", marking="OFFICIAL", premises_names=True)
    (root / "reference" / "places.csv").write_text(PLACES, encoding="utf-8")
    for provider in providers:
        text = PROVIDER.format(name=provider)
        (root / "providers" / f"{provider}.toml").write_text(text, encoding="utf-8")
        (made.inbox / provider).mkdir()
    change_settings(root, "scan_seconds = 10 ", f"scan_seconds = {scan_s} ")
    change_settings(root, "settle_seconds = 2 ", f"settle_seconds = {settle_s} ")
    return open_workspace(root)


def change_settings(root: Path, old: str, new: str) -> None:
    """Put other words into settings.toml."""
    path = root / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def month_file(month: str, first: int = 1, rows: int = 5, *, place: str = "The Harbour Bar") -> str:
    """Write a delivery of `rows` attendances of one month (``YYYY-MM``), numbered from `first`."""
    lines = []
    for i in range(rows):
        day, hour = f"{month}-{1 + i % 28:02d}", f"{i // 28 % 60:02d}"
        lines.append(f"{first + i},{day} 23:{i % 60:02d},{day} 22:{hour},Assault,{place},Punched\n")
    return HEADER + "".join(lines)


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the service; what it says goes to ``NAME.out`` beside the workspace."""
    said = root.with_name(root.name + ".out").open("ab")
    with said:
        return subprocess.Popen(
            [*_bound_by_rights(), *command("watch", root, *arguments)],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def _bound_by_rights() -> list[str]:
    """Words before a command that make the rights of files bind it, even where root gives it."""
    if os.name != "posix" or os.geteuid() or not shutil.which("setpriv"):
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def command(name: str, root: Path, *arguments: str) -> list[str]:
    """Words of a command on a workspace."""
    return [sys.executable, "-P", "-m", "hotspots", *name.split(), "-w", str(root), *arguments]


def environment() -> dict[str, str]:
    """Environment in which the program of this tree is found."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def kill(process: subprocess.Popen[bytes], *, reader_first: bool = False) -> None:
    """End the service and its reader of files with no notice, and wait until they are gone."""
    children = []
    with suppress(psutil.Error):
        children = psutil.Process(process.pid).children(recursive=True)
    if not reader_first:
        process.kill()
    for child in children:
        with suppress(psutil.Error):
            child.kill()
    process.kill()
    process.wait()
    psutil.wait_procs(children, timeout=10)


@contextmanager
def live(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A service for the length of the block."""
    process = start(root)
    try:
        yield process
    finally:
        kill(process)


def wait_until(condition: Callable[[], bool], *, seconds: float, every_s: float = 0.1) -> float:
    """Wait for something; how many seconds it took.

    Raises
    ------
    TimeoutError
        If it does not come.
    """
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds:g} seconds")
        time.sleep(every_s)
    return time.monotonic() - began


def file_counts(workspace: Workspace) -> dict[str, int]:
    """How many files are in each state."""
    if not workspace.store.is_file():
        return {}
    with open_store(workspace.store) as store:
        return count_files(store.connection)


def n_handled(workspace: Workspace) -> int:
    """How many files have come to an end."""
    counts = file_counts(workspace)
    return sum(counts.get(state, 0) for state in ("stored", "duplicate", "refused"))


def health(root: Path) -> dict[str, Any]:
    """What the service last told of itself."""
    with suppress(OSError, ValueError):
        return dict(json.loads((root / "logs" / "health.json").read_text(encoding="utf-8")))
    return {}


def events(root: Path) -> list[dict[str, Any]]:
    """The log's lines."""
    path = root / "logs" / "service.jsonl"
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
