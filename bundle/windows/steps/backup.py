"""A back-up in one file, in a folder that a person names."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from plain import Stop, ask, finish, home_folder, run_program, say

WORDS = """\
This makes one file with the records, their key, the settings and the lists of places.
It is not encrypted: choose a folder on an encrypted disk or stick that nobody but you can read,
better not on this computer alone. Old back-ups are yours to delete when the agreement says so.
"""


def main() -> int:
    """Ask where, and make it; the service may go on meanwhile."""
    home = home_folder()
    say(WORDS)
    usual = home / "backups"
    folder = Path(ask("Folder for the back-up", str(usual)).strip('"')).absolute()
    if folder == usual:
        usual.mkdir(exist_ok=True)
    if not folder.is_dir():
        raise Stop(f"{folder} is not a folder that is there. Make it first, or connect the stick.")
    file = folder / f"ed-hotspots-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.zip"
    return run_program(home, "backup", file, "-w", home / "workspace", asks=False)


if __name__ == "__main__":
    finish(main)
