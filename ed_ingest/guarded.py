"""Read a delivered file in another process, within limits of memory and time."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pandas as pd
import psutil

import ed_ingest
from ed_ingest.errors import FileError
from ed_ingest.reachable import reachable, shown_name
from ed_ingest.reading_child import Answer, Request, What, receive, send
from ed_ingest.tables import RawExtract

_LOOK_EVERY_S = 0.05
# A reader that has grown beyond this is ended after its answer, which gives its memory back.
_KEEP_BELOW_BYTES = 400 * 2**20


class Limits(NamedTuple):
    """What reading one file may take."""

    max_memory_mb: int = 2048
    max_seconds: float = 300
    max_file_mb: int = 1024


class _Reader(NamedTuple):
    process: subprocess.Popen[bytes]
    watched: psutil.Process


# The reader that waits for the next file, if any. `pop` and `append` are atomic, so that two
# threads that read at once each have a reader of their own.
_waiting: list[_Reader] = []


def read_guarded(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    what: What = "records",
    limits: Limits = Limits(),  # noqa: B008 - a named tuple cannot be changed
) -> RawExtract:
    """Read one delivered file as `read_extract` does, in a process that may die.

    The process is kept for the next file and ends with this one; starting it takes about a second.

    Parameters
    ----------
    path, sheet, header_row
        As in `read_extract`.
    what
        ``records``, or ``counts`` for `read_counts_file`.
    limits
        Resident memory of the other process in MB, seconds, size of the file in MB.

    Raises
    ------
    FileError
        As `read_extract`; or if the limits were reached, or the reader failed on the file. The
        message then tells where, and never a value.
    """
    name = shown_name(reachable(path))
    request = Request(
        str(path.absolute()), sheet, header_row, limits.max_file_mb, limits.max_memory_mb, what
    )
    table: RawExtract = _answered(request, limits, name).table  # type: ignore[assignment]
    return table  # vouched for by the reader


def tables_guarded(path: Path, *, limits: Limits = Limits()) -> tuple[pd.DataFrame, ...]:  # noqa: B008
    """Cells of every sheet of a file as `read_all_tables` gives them, in a process that may die."""
    name = shown_name(reachable(path))
    request = Request(
        str(path.absolute()), None, None, limits.max_file_mb, limits.max_memory_mb, "tables"
    )
    return _answered(request, limits, name).tables


def _answered(request: Request, limits: Limits, name: str) -> Answer:
    """Have a reader answer; one that ended without a word may have been ended by something else."""
    answer = _one_asked(request, limits, name) or _one_asked(request, limits, name)
    if answer is None:
        raise _died(name)
    if answer.table is not None or answer.tables:
        return answer
    if answer.refusal:
        raise FileError(answer.refusal)
    if answer.fault == "MemoryError":
        raise _too_much_memory(name, limits)
    raise FileError(
        f"{name}: the reader failed on it ({answer.fault}). Open it in a spreadsheet program, save "
        "it as CSV and send that; report the fault."
    )


def _one_asked(request: Request, limits: Limits, name: str) -> Answer | None:
    """Have the waiting reader, or a new one, answer; keep it if it is still small."""
    reader = _waiting.pop() if _waiting else _start()
    try:
        answer = _asked(reader, request, limits, name)
    except BaseException:
        _end(reader)
        raise
    if answer is None or _resident(reader) > _KEEP_BELOW_BYTES or _waiting:
        _end(reader)
    else:
        _waiting.append(reader)
    return answer


def close_reader() -> None:
    """End the waiting reader; the next file starts another."""
    while _waiting:
        _end(_waiting.pop())


def _start() -> _Reader:
    root = str(Path(ed_ingest.__file__).parents[1])
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    if Path(root).name not in ("site-packages", "dist-packages"):
        paths = [root, *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    # -P: a module that lies in the working folder is never imported.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "ed_ingest.reading_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        # Ctrl-C at the terminal is for us: a reader that it ended would look like a bad file.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return _Reader(process, psutil.Process(process.pid))


def _asked(reader: _Reader, request: Request, limits: Limits, name: str) -> Answer | None:
    """Send the request and watch the reader until it has answered; None if it ended instead."""
    stdin, stdout = reader.process.stdin, reader.process.stdout
    if stdin is None or stdout is None:
        return None
    answers: list[object] = []

    def listen() -> None:
        with suppress(EOFError, OSError, ValueError, MemoryError):
            answers.append(receive(stdout))

    try:
        send(stdin, request)
    except OSError:
        return None
    listener = Thread(target=listen, daemon=True)
    listener.start()
    deadline = time.monotonic() + limits.max_seconds
    while listener.is_alive():
        listener.join(_LOOK_EVERY_S)
        if _resident(reader) > limits.max_memory_mb * 2**20:
            raise _too_much_memory(name, limits)
        if listener.is_alive() and time.monotonic() > deadline:
            raise FileError(
                f"{name}: not read within {limits.max_seconds:,.0f} seconds. Ask for one file a "
                "month, or raise max_seconds under [reading] in settings.toml."
            )
    return answers[0] if answers and isinstance(answers[0], Answer) else None


def _resident(reader: _Reader) -> int:
    try:
        return int(reader.watched.memory_info().rss)
    except psutil.Error:
        return 0


def _end(reader: _Reader) -> None:
    with suppress(OSError):
        reader.process.kill()
    for stream in (reader.process.stdin, reader.process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    reader.process.wait()


def _too_much_memory(name: str, limits: Limits) -> FileError:
    return FileError(
        f"{name}: takes more than {limits.max_memory_mb:,} MB of memory to read. Ask for one file "
        "a month, or raise max_memory_mb under [reading] in settings.toml."
    )


def _died(name: str) -> FileError:
    return FileError(
        f"{name}: the reader ended on it without an answer. Open it in a spreadsheet program, save "
        "it as CSV and send that."
    )


atexit.register(close_reader)
