"""What machine this is, so that a figure is never read without it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any


def machine() -> str:
    """Processor, cores, system and Python in one line."""
    name = platform.processor() or platform.machine()
    # Not Linux: the platform's own word stands.
    with suppress(OSError, StopIteration), Path("/proc/cpuinfo").open(encoding="utf-8") as handle:
        name = next(line.split(":")[1].strip() for line in handle if "model name" in line)
    return (
        f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def timed(call: Callable[[], Any], *, repeat: int = 3) -> tuple[float, Any]:
    """Median seconds of a call, and its last result."""
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[len(seconds) // 2], result


def peak_memory_mib() -> float:
    """Most memory that this process has held so far, in MiB."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return float(psutil.Process().memory_info().peak_wset / 2**20)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / (2**20 if platform.system() == "Darwin" else 2**10))
