"""Ask before the program goes, and end its start at log-on. uninstall.cmd removes the folder."""

from __future__ import annotations

from install import startup_folder
from plain import Stop, agrees, finish, home_folder, say


def main() -> int:
    """The program cannot remove itself while it runs: that is left to uninstall.cmd."""
    home = home_folder()
    say(
        f"This removes the program from {home}.",
        "The workspace with all records, and the back-ups, stay where they are.",
        "",
    )
    if not agrees("Remove the program?", default=False):
        raise Stop("Nothing was changed.")
    startup = startup_folder()
    if startup is not None:
        (startup / "ed-hotspots.cmd").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    finish(main, wait=False)
