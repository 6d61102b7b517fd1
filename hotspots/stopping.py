"""How the service is asked to stop, on Linux and on Windows, and how it ends in mid-job."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import psutil

# Ctrl-C, the service manager's request, and Windows' Ctrl-Break; each only where there is one.
_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")


@contextmanager
def catch_stops(asked: list[int]) -> Iterator[None]:
    """Note signals to stop instead of ending at once; as it was before after the block.

    Parameters
    ----------
    asked
        Each signal is appended. A plain list: a handler that took a lock could wait for the very
        thread that it interrupts.
    """
    signals = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        signal.signal(number, lambda number, frame: asked.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_at_once(code: int) -> NoReturn:
    """End this process and its reader of files in mid-job; the store rolls back by itself.

    The job's thread must not see the reader end: it would take it for a bad file, and refuse that.
    So it is given no turn between the two.
    """
    children = []
    with suppress(psutil.Error):
        children = [child.pid for child in psutil.Process().children(recursive=True)]
    sys.setswitchinterval(60)
    for pid in children:
        with suppress(OSError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    os._exit(code)
