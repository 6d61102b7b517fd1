"""What the service tells: a JSON line an event in logs/, and the same in words on the terminal."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import ed_ingest
from ed_ingest.errors import EdHotspotsError

NAME = "service.jsonl"
MAX_BYTES, KEPT = 2_000_000, 5
_NONE: Mapping[str, int] = MappingProxyType({})
_PACKAGES = {Path(ed_ingest.__file__).parent.name, Path(__file__).parent.name}


class Event(NamedTuple):
    """Something that happened. Of words only ``notice`` goes to the log: sentences of our own.

    ``words`` are for the terminal alone: they may name a file. ``fault``: class of an error;
    ``where``: file and line of the program. Neither field ever holds a record's value.
    """

    event: str
    job: str = ""
    provider: str = ""
    file_id: str = ""
    batch_id: str = ""
    state: str = ""
    counts: Mapping[str, int] = _NONE
    seconds: float | None = None
    attempts: int | None = None
    fault: str = ""
    where: str = ""
    notice: str = ""
    words: str = ""


def fault_of(error: BaseException) -> tuple[str, str]:
    """Class of an error, and the place in the program; never its message."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).parent.name in _PACKAGES] or list(frames)
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} in {ours[-1].name}" if ours else ""
    return type(error).__name__, where


def failure(job: str, error: Exception, attempts: int) -> Event:
    """The event of a job that failed; the terminal is told a user's error in its own words."""
    fault, where = fault_of(error)
    mendable = isinstance(error, EdHotspotsError)
    words = str(error) if mendable else f"a fault in the program ({fault}, {where})"
    return Event("job_failed", job=job, attempts=attempts, fault=fault, where=where, words=words)


def write_event(folder: Path, event: Event, *, at: datetime, max_bytes: int = MAX_BYTES) -> None:
    """Add an event to the log of a folder, and tell it on the terminal.

    A log that cannot be written stops nothing: the disk may be full, and be mended.

    Parameters
    ----------
    folder
        The workspace's ``logs``. The log is its owner's only, and begun anew at `max_bytes`; the
        five before it are kept.
    event
        What happened.
    at
        When, with time zone.
    """
    line = json.dumps(_facts(event, at), ensure_ascii=False) + "\n"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / NAME
        if path.is_file() and path.stat().st_size + len(line.encode()) > max_bytes:
            _begin_anew(path)
        _append(path, line)
    # Without a terminal there is no stream, or one that was closed.
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.write(f"{at:%Y-%m-%d %H:%M:%S} {in_words(event)}\n")
        sys.stdout.flush()


def in_words(event: Event) -> str:
    """An event as one line for people."""
    told = [event.event.replace("_", " ")]
    told += [f"job {event.job}"] if event.job else []
    told += [word for word in (event.provider, event.state) if word]
    told += [f"batch {event.batch_id}"] if event.batch_id else []
    counts = {key.removeprefix("n_").replace("_", " "): n for key, n in event.counts.items()}
    told += [f"{n} {key}" for key, n in counts.items() if n]
    told += [f"{event.seconds:.1f} s"] if event.seconds is not None else []
    told += [f"attempt {event.attempts}"] if event.attempts else []
    said = " ".join(part for part in (event.notice, event.words) if part)
    return ", ".join(told) + (f": {said}" if said else "")


def _facts(event: Event, at: datetime) -> dict[str, Any]:
    facts = event._asdict()
    del facts["words"]
    facts["counts"] = dict(event.counts)
    filled = {key: value for key, value in facts.items() if value not in ("", None, {})}
    return {"at": at.astimezone().isoformat(timespec="milliseconds"), **filled}


def _append(path: Path, line: str) -> None:
    """Add a line in one write, so that no other process can part it; the file is made private."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(number, line.encode())
    finally:
        os.close(number)


def _begin_anew(path: Path) -> None:
    for number in range(KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    with suppress(OSError):  # Windows: somebody has it open; it grows until it was let go
        path.replace(path.with_name(f"{path.name}.1"))
