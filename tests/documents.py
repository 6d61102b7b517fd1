"""Blocks of the documents: found, and run as a reader would run them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from hotspots import cli

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*) -->\n\n?)?^```(?P<language>\w+)\n(?P<text>.*?)^```",
    flags=re.DOTALL | re.MULTILINE,
)
# What differs between two runs: names of batches, times of the service, the folder worked in.
_BATCH = re.compile(r"\b\d{8}-[0-9a-f]{8}\b")
_SERVICE_TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language, text, and the HTML comment that stands before it."""

    language: str
    text: str
    note: str

    @property
    def not_run(self) -> str:
        """Why it is not run; empty where it is."""
        return self.note.removeprefix("not run: ") if self.note.startswith("not run: ") else ""

    @property
    def file(self) -> str:
        """The file whose content it is, as a reader would save it; empty where it is none."""
        return self.note.removeprefix("file: ") if self.note.startswith("file: ") else ""


def blocks_of(path: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    found = _BLOCK.finditer(path.read_text(encoding="utf-8"))
    return [Block(m["language"], m["text"], m["note"] or "") for m in found]


def lines_of(block: Block) -> list[str]:
    """Commands of a console block: a line each, without comments."""
    text = block.text.replace("\\\n", " ")
    return [line for line in text.splitlines() if line.split("#")[0].strip()]


def words_of(line: str) -> list[str] | None:
    """Arguments of an `ed-hotspots …` line; None for another command."""
    words = shlex.split(line.replace("\\", "/"), comments=True)
    first = re.split(r"[/\\]", words[0])[-1] if words else ""
    return words[1:] if first in ("ed-hotspots", "ed-hotspots.exe") else None


def run_line(line: str) -> tuple[int, str]:
    """Run one command where we are: the exit code, and all that it prints."""
    words = shlex.split(line, comments=True)
    arguments = words_of(line)
    if arguments is not None:
        return run_program(arguments)
    if words[0] == "cp":
        *sources, target = words[1:]
        for source in (found for pattern in sources for found in _matching(pattern)):
            shutil.copy(source, target)
        return 0, ""
    if words[0] == "mkdir":
        Path(words[-1]).mkdir()
        return 0, ""
    raise AssertionError(f"no way to run: {line}")


def run_program(arguments: list[str]) -> tuple[int, str]:
    """Run the command line in this process; a glob is resolved as a shell would."""
    printed = io.StringIO()
    given = [found for word in arguments for found in (_matching(word) if "*" in word else [word])]
    with (
        mock.patch.object(sys, "argv", ["ed-hotspots", *given]),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        try:
            cli.main()
        except SystemExit as stop:
            return int(stop.code or 0), printed.getvalue()
    return 0, printed.getvalue()


def run_page(path: Path, folder: Path, *, batch: str = "BATCH") -> Iterator[tuple[Block, str]]:
    """Run a page's blocks in order inside of a folder.

    Yields each block with what was printed: of a command block its own output, of a block of text
    that of the commands before it. `batch` is put where the page says BATCH.

    Raises
    ------
    AssertionError
        If a command ends with another code than 0 or 1 (done, some rows held back).
    """
    told, names = "", {"__name__": "page"}
    for block in blocks_of(path):
        if block.not_run or block.language == "bat":
            continue
        with contextlib.chdir(folder):
            if block.file:
                Path(block.file).write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                told = ""
                for line in lines_of(block):
                    code, printed = run_line(line.replace("BATCH", batch))
                    assert code in (0, 1), f"{path.name}: {line} ended with {code}: {printed}"
                    told += printed
            elif block.language == "python":
                printed_there = io.StringIO()
                with contextlib.redirect_stdout(printed_there):
                    exec(compile(block.text, path.name, "exec"), names)  # noqa: S102
                told = printed_there.getvalue()
        yield block, plain(told, folder)


def plain(printed: str, folder: Path) -> str:
    """What was printed, without what differs between two runs."""
    here = printed.replace(f"{folder}{os.sep}", "")
    return _SERVICE_TIME.sub("", _BATCH.sub("BATCH", here))


def first_line_missing(shown: str, printed: str) -> str | None:
    """The first line of a block that was not printed, in that order; a line of … skips some."""
    left = iter([line.rstrip() for line in printed.splitlines()])
    for line in shown.splitlines():
        if line.strip() != "…" and not any(line.rstrip() == other for other in left):
            return line
    return None


def _matching(pattern: str) -> list[str]:
    found = sorted(str(path) for path in Path().glob(pattern))
    return found if found else [pattern]
