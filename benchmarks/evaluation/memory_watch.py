"""Run a command and tell how long it took and how much memory it and its workers held."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

EVERY_S = 0.2


class Watched(NamedTuple):
    """One run: seconds, most resident memory (MiB) of the command itself and of each worker.

    ``workers``: of the processes below it, the highest first; ``together``: the most that all held
    at one time.
    """

    seconds: float
    driver: float
    workers: list[float]
    together: float


def watch(command: Sequence[str], *, cwd: Path) -> Watched:
    """Run a command to its end.

    Raises
    ------
    subprocess.CalledProcessError
        If it does not end well; what it printed is passed through.
    """
    started = time.perf_counter()
    peak: dict[int, float] = {}
    together = 0.0
    with subprocess.Popen(list(command), cwd=cwd) as running:
        while running.poll() is None:
            now = _held(running.pid)
            together = max(together, sum(now.values()))
            peak |= {pid: max(mib, peak.get(pid, 0)) for pid, mib in now.items()}
            time.sleep(EVERY_S)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    driver = peak.pop(running.pid, 0.0)
    return Watched(
        time.perf_counter() - started, driver, sorted(peak.values(), reverse=True), together
    )


def _held(pid: int) -> dict[int, float]:
    """Resident memory, MiB, of a process and of all below it."""
    held: dict[int, float] = {}
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                held[process.pid] = process.memory_info().rss / 2**20
    return held
