"""Events of the file system, which only wake the next scan of the inbox early."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ed_ingest.file_systems import on_network

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

# Not "modified", of which a file written slowly makes thousands, and not "opened", which the
# scan itself makes.
_EVENTS = frozenset({"created", "moved", "closed"})
_OWN_FOLDER = "receipts"
_LONGEST_END_S = 0.5


def wake_on_events(folder: Path, wake: Callable[[], None]) -> Callable[[], None]:
    """Call `wake` when something new lies in a folder, or in a folder within it.

    Where the system tells of no events (a share, a library or a limit that is missing) nothing
    happens: the scan by interval finds everything, a little later.

    Parameters
    ----------
    folder
        The inbox.
    wake
        Called in another thread.

    Returns
    -------
    callable
        Ends it.
    """
    if on_network(folder.resolve()):
        return _nothing
    try:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer
    except Exception:  # absent, or made for another system
        return _nothing

    def dispatch(event: FileSystemEvent) -> None:
        paths = (PurePath(str(event.src_path)), PurePath(str(event.dest_path)))
        if event.event_type in _EVENTS and not any(_OWN_FOLDER in p.parts for p in paths):
            wake()

    handler = FileSystemEventHandler()
    handler.dispatch = dispatch  # type: ignore[method-assign]
    observer = Observer()
    try:
        observer.schedule(handler, str(folder), recursive=True)
        observer.start()
    except Exception:  # no such folder, too many folders are watched already
        return _nothing

    def end() -> None:
        # The library says, as an error, that an event came while it ended.
        logging.getLogger("watchdog").setLevel(logging.CRITICAL)
        # It waits for its threads without limit, and the service is to end soon.
        ending = threading.Thread(target=_stop, args=(observer,), daemon=True)
        ending.start()
        ending.join(timeout=_LONGEST_END_S)

    return end


def _stop(observer: BaseObserver) -> None:
    with suppress(Exception):
        observer.stop()


def not_more_often(wake: Callable[[], None], *, gap_s: float) -> Callable[[], None]:
    """Pass on the first of several calls, and none of those within `gap_s` seconds of it.

    500 files that are dropped at once make thousands of events, and should make few scans: what
    is woken runs `gap_s` later, and so sees what all these calls were for.
    """
    turn = threading.Lock()
    last = [float("-inf")]

    def limited() -> None:
        with turn:
            if time.monotonic() - last[0] < gap_s:
                return
            last[0] = time.monotonic()
        wake()

    return limited


def _nothing() -> None:
    return
