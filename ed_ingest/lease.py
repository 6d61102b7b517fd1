"""The lease of a workspace: one service runs it at a time, and a second says which."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ed_ingest.alone import SERVICE_LOCK, alone
from ed_ingest.audit import os_user
from ed_ingest.errors import LeaseError

HOLDER = "service.json"


class Holder(NamedTuple):
    """Who holds a lease: number of the process, account, machine, since when (with offset)."""

    pid: int
    user: str
    machine: str
    since: str


@contextmanager
def lease(folder: Path, *, now: datetime) -> Iterator[Holder]:
    """Hold the lease of a workspace for the length of the block.

    The lock is the operating system's, which frees it however the process ends; the file beside
    it only tells who has it, as a locked file cannot be read on Windows.

    Parameters
    ----------
    folder
        The workspace's ``store`` folder, on a local disk.
    now
        The moment, with time zone.

    Raises
    ------
    LeaseError
        If another process holds it; the message says which and since when.
    """
    folder.mkdir(parents=True, exist_ok=True)
    since = now.astimezone().isoformat(timespec="seconds")
    holder = Holder(os.getpid(), os_user(), platform.node(), since)
    with alone(folder, SERVICE_LOCK, busy=partial(_refusal, folder)):
        try:
            _write(folder / HOLDER, holder)
            yield holder
        finally:
            with suppress(OSError):
                (folder / HOLDER).unlink(missing_ok=True)


def holder_of(folder: Path) -> Holder | None:
    """Who a lease's file says holds it; None where there is no such file, or it cannot be read."""
    try:
        return Holder(**json.loads((folder / HOLDER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _refusal(folder: Path) -> LeaseError:
    return LeaseError(f"{folder.parent}: {_told(folder)}")


def _told(folder: Path) -> str:
    holder = holder_of(folder)
    if holder is None:
        return "in use by another service, or being restored. Wait for that to end, and try again."
    who = f"process {holder.pid} of {holder.user} on {holder.machine} since {holder.since}"
    return f"a service runs this workspace already ({who}). Stop that one first, or let it run."


def _write(path: Path, holder: Holder) -> None:
    path.touch(mode=0o600)
    with suppress(OSError):
        path.chmod(0o600)
    path.write_text(json.dumps(holder._asdict(), ensure_ascii=False) + "\n", encoding="utf-8")
