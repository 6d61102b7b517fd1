"""Plain words at the console, for the steps beside this file. Needs nothing but Python itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn


class Stop(Exception):  # noqa: N818 - the end of a step, with the one sentence that says why
    """What stands in the way, and what to do about it."""


def home_folder() -> Path:
    """The folder that holds the program and the workspace, as the .cmd files find it."""
    told = os.environ.get("ED_HOTSPOTS_HOME")
    return Path(told) if told else Path(os.environ.get("USERPROFILE") or Path.home(), "ed-hotspots")


def python_of(program: Path) -> Path:
    """The interpreter of an environment, on Windows or where the steps are tested."""
    return program / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(*lines: str) -> None:
    """Print lines, which a console of any code page can show as far as it has their letters."""
    for line in lines or ("",):
        print(line, flush=True)


def ask(question: str, default: str = "") -> str:
    """The answer to a question without the blanks around it; the default for an empty one."""
    try:
        answer = input(f"{question} [{default}]: " if default else f"{question}: ")
    except EOFError:
        raise Stop("There is nobody to answer at this window: start the file by hand.") from None
    return answer.strip() or default


def agrees(question: str, *, default: bool = True) -> bool:
    """Whether a person says yes; asked again until it is a yes or a no."""
    while True:
        answer = ask(f"{question} (y/n)", "y" if default else "n").lower()
        if answer in ("y", "yes", "n", "no"):
            return answer.startswith("y")
        say("Please type y for yes or n for no, and press Enter.")


def choose(question: str, choices: list[str]) -> int:
    """The place, from 0, of the choice whose number a person types."""
    say(question, *(f"  {number}  {words}" for number, words in enumerate(choices, start=1)))
    while True:
        answer = ask("Number", "1")
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        say(f"Please type a number from 1 to {len(choices)}, and press Enter.")


def run_program(home: Path, *arguments: str | Path, quiet: bool = False, asks: bool = True) -> int:
    """Run `ed-hotspots` with these arguments; its exit code.

    Arguments go to the program as they are: no command interpreter reads them, so a file may have
    any name.
    """
    return run_python(
        python_of(home / "program"), "-P", "-m", "hotspots", *arguments,
        where=home, quiet=quiet, asks=asks,
    )  # fmt: skip


def run_python(
    python: Path, *arguments: str | Path, where: Path, quiet: bool = False, asks: bool = True
) -> int:
    """Run an interpreter that heeds no variable of another Python; its exit code."""
    silent = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, and no shell
            [str(part) for part in (python, "-E", "-s", *arguments)],
            cwd=where, stdin=None if asks else subprocess.DEVNULL,
            stdout=silent, stderr=silent, check=False,
        )  # fmt: skip
    except OSError as error:
        raise Stop(f"The program cannot be started ({error.strerror}). {AGAIN}") from None
    return done.returncode


AGAIN = "Run install.cmd again, or ask IT whether this computer blocks it."


def finish(step: Callable[[], int], *, wait: bool = True) -> NoReturn:
    """Do a step, say in one sentence what stopped it, and keep the window open to be read."""
    try:
        code = step()
    except Stop as stop:
        say("", f"STOPPED: {stop}")
        code = 2
    except KeyboardInterrupt:
        say("", "Stopped. Nothing half done was kept.")
        code = 2
    except OSError as error:
        say("", f"STOPPED: {error.strerror or type(error).__name__}: {error.filename or ''}", AGAIN)
        code = 2
    if wait and sys.stdin and sys.stdin.isatty():
        with suppress(EOFError, KeyboardInterrupt):
            input("\nPress Enter to close this window. ")
    sys.exit(code)
