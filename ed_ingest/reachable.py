"""Whether a path leads to an ordinary file that can be opened, and its name as it may be shown."""

from __future__ import annotations

import stat
from pathlib import Path

from ed_ingest.errors import FileError


def reachable(path: Path) -> Path:
    """Give back the path of an ordinary file that can be opened.

    A link is followed: whoever names it on the command line may read what it leads to.

    Raises
    ------
    FileError
        If there is no such file, or it is a folder, a pipe or a device (which are never opened).
    """
    name = shown_name(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileError(f"{name}: a folder, not a file. Name the file that lies in it.")
        if not stat.S_ISREG(mode):
            raise FileError(f"{name}: not an ordinary file. Copy its content into one.")
        with path.open("rb"):
            return path
    except FileNotFoundError:
        if path.is_symlink():
            raise FileError(f"{name}: a link to a file that is not there. Mend the link.") from None
        raise FileError(f"{name}: no such file. Check the name and folder.") from None
    except (OSError, ValueError):  # ValueError: a name that no file can have
        raise FileError(
            f"{name}: cannot be opened. Close it in other programs, check your rights to it."
        ) from None


def shown_name(path: Path) -> str:
    """Name of the file on one line: what cannot be printed is a question mark."""
    return "".join(sign if sign.isprintable() else "?" for sign in path.name)
