"""The process that reads delivered files for another: `python -m ed_ingest.reading_child`.

It answers requests on its standard input until that ends. What it reads can at worst end this
process; nothing is written to disk, and nothing but the answer leaves it.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import traceback
from pathlib import Path
from typing import IO, Literal, NamedTuple

import pandas as pd

from ed_ingest.counts_file import read_counts_file
from ed_ingest.errors import FileError
from ed_ingest.read import read_all_tables, read_extract

What = Literal["records", "counts", "tables"]

_SIZE = struct.Struct("<Q")
# Address space that libraries reserve and never touch, beside the memory that they use.
_RESERVED = 2**31


class Request(NamedTuple):
    """What the reader is to be called with, and how much memory the call may take.

    ``what``: ``records``; ``counts``, whose headers may be months; or ``tables``: the cells of
    every sheet as they are, for the codes that one of them may explain.
    """

    path: str
    sheet: str | None
    header_row: int | None
    max_file_mb: int
    max_memory_mb: int
    what: What = "records"


class Answer(NamedTuple):
    """The table; or why there is none: the user's sentence, or where the reader failed."""

    table: pd.DataFrame | None
    refusal: str = ""
    fault: str = ""
    tables: tuple[pd.DataFrame, ...] = ()


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer each request in turn until there are no more."""
    while True:
        try:
            request = receive(requests)
        except EOFError:
            return
        answer = _answer(request)
        send(answers, answer)
        del answer
        gc.collect()


def send(stream: IO[bytes], message: object) -> None:
    """Write one message; large columns go as they lie in memory, uncopied."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    stream.write(_SIZE.pack(len(buffers)))
    for part in (memoryview(head), *(buffer.raw() for buffer in buffers)):
        stream.write(_SIZE.pack(part.nbytes))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """Read one message.

    Raises
    ------
    EOFError
        If the other side has ended.
    """
    n_buffers = _SIZE.unpack(_exactly(stream, _SIZE.size))[0]
    parts = []
    for _ in range(n_buffers + 1):
        size = _SIZE.unpack(_exactly(stream, _SIZE.size))[0]
        parts.append(_exactly(stream, size))
    # The other side is this program itself, over a pipe that no one else holds.
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301


def _exactly(stream: IO[bytes], size: int) -> bytearray:
    content = bytearray(size)
    view, done = memoryview(content), 0
    while done < size:
        # `readinto` of a buffered pipe gives fewer bytes only at its end.
        n = stream.readinto(view[done:])  # type: ignore[attr-defined]
        if not n:
            raise EOFError
        done += n
    return content


def _answer(request: object) -> Answer:
    if not isinstance(request, Request):
        return Answer(None, fault="a request of another version")
    try:
        _limit_memory(request.max_memory_mb)
        if request.what == "tables":
            return Answer(None, tables=read_all_tables(Path(request.path), request.max_file_mb))
        read = read_counts_file if request.what == "counts" else read_extract
        table = read(
            Path(request.path),
            sheet=request.sheet,
            header_row=request.header_row,
            max_file_mb=request.max_file_mb,
        )
        return Answer(table)
    except FileError as refusal:
        return Answer(None, refusal=str(refusal))
    except MemoryError:
        return Answer(None, fault="MemoryError")
    except Exception as fault:  # the other side tells where, never what: a message may hold a value
        last = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        return Answer(None, fault=f"{type(fault).__name__} in {where}")


def _limit_memory(max_memory_mb: int) -> None:
    """Let the system refuse memory beyond the limit, where it can; the parent watches anyhow."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limit = max_memory_mb * 2**20 + _RESERVED
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def main() -> None:
    """Serve over the standard streams; whatever else prints, prints into nothing."""
    # Millions of cells are made and none refers in a circle: looking for circles takes a fifth of
    # the time. `serve` collects after each file.
    gc.disable()
    # A service manager may ask every process of a service to end: the service first decides what
    # becomes of the file. This process ends with its input, or is ended.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    # As the importable module, so that requests and answers have one name on both sides.
    from ed_ingest import reading_child

    reading_child.main()
