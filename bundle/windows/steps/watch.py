"""The service in a window that says what it does."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from pathlib import Path

from plain import Stop, finish, home_folder, python_of, say

WORDS = """\
ed-hotspots is at work. You may make this window small, but leave it open:
closing it stops the work, and watch.cmd starts it again. Nothing is lost.

  - drop each hospital's file into its folder of the inbox
  - it is taken, linked with police records, and the draft maps are renewed
  - once a month the pack is published in the folder outputs
  - status.cmd tells what was taken, what waits, and why

Below is what happens, as it happens.
"""
# Like a service manager: after a fault of the program, not after a refusal, nor for ever at once.
RESTART_AFTER_S, REFUSED, DONE = 60, 2, 0


def main() -> int:
    """Run the service until it is stopped; after a fault start it again."""
    home = home_folder()
    workspace = home / "workspace"
    if not (workspace / "settings.toml").is_file():
        raise Stop(f"There is no workspace in {workspace}. Run install.cmd first.")
    with suppress(Exception):
        name_window()
    say(WORDS)
    while True:
        code = serve(home, workspace)
        if code == DONE:
            say("The service has stopped.")
            return DONE
        if code == REFUSED:
            raise Stop("The service cannot run: see the line above. Mend that, start watch.cmd.")
        say(f"The service ended by a fault ({code}). It starts again in a minute.")
        time.sleep(RESTART_AFTER_S)


def serve(home: Path, workspace: Path) -> int:
    """The service as a child that gets Ctrl-C as we do; it ends by itself within seconds."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
        [str(python_of(home / "program")), "-E", "-s", "-P", "-m", "hotspots",
         "watch", "-w", str(workspace)],
        cwd=home,
    )  # fmt: skip
    while True:
        with suppress(KeyboardInterrupt):
            return child.wait()


def name_window() -> None:
    """Give the window its name; let a click in it not halt what writes there.

    A console in quick-edit mode stops a program at its next line for as long as text is selected.
    """
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.SetConsoleTitleW("ed-hotspots")
    mode, console = ctypes.c_ulong(), kernel.GetStdHandle(-10)
    if kernel.GetConsoleMode(console, ctypes.byref(mode)):
        quick_edit, extended = 0x40, 0x80
        kernel.SetConsoleMode(console, (mode.value & ~quick_edit) | extended)


if __name__ == "__main__":
    finish(main)
