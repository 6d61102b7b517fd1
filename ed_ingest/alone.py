"""Work on a workspace that only one process at a time may do: service, restore, back-up, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ed_ingest.errors import EdHotspotsError
from ed_ingest.file_systems import OWNER_ONLY_FILE

SERVICE_LOCK, BACKUP_LOCK, EXPORT_LOCK = "service.lock", "backup.lock", "export.lock"


@contextmanager
def alone(store_folder: Path, lock: str, *, busy: Callable[[], EdHotspotsError]) -> Iterator[None]:
    """Hold a lock of the workspace; the system frees it however the process ends.

    Parameters
    ----------
    store_folder
        The workspace's ``store``, which is on a local disk.
    lock
        Name of the lock file: `SERVICE_LOCK`, `BACKUP_LOCK` or `EXPORT_LOCK`.
    busy
        Makes the error to raise when another process holds it: a sentence with its remedy.

    Raises
    ------
    EdHotspotsError
        That of `busy`; another process is not waited for.
    """
    held = FileLock(store_folder / lock, timeout=0, mode=OWNER_ONLY_FILE)
    try:
        held.acquire()
    except Timeout:
        raise busy() from None
    try:
        yield
    finally:
        held.release()
