"""Install or upgrade ed-hotspots from this folder, without a network and without an administrator.

Everything goes into one folder of the user: the program, the workspace, the commands.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from plain import (
    AGAIN,
    Stop,
    agrees,
    ask,
    choose,
    finish,
    home_folder,
    python_of,
    run_program,
    run_python,
    say,
)

BUNDLE = Path(__file__).absolute().parents[1]
INSTALLED = "installed.json"
COMMANDS = ("add-hospital", "watch", "status", "backup", "commands", "uninstall")
AT_LOG_ON = "start-at-log-on.cmd"
MARKINGS = ["OFFICIAL", "OFFICIAL-SENSITIVE", "another one", "I do not know yet"]
# pip makes the deepest path; Windows allows 259 characters unless told otherwise.
LONGEST_PATH = 259


def main() -> int:
    """Every step, in order."""
    home = home_folder()
    say("This installs ed-hotspots for you alone, in", f"  {home}", "It needs no network.", "")
    say("1 of 6: looking whether this folder is whole ...")
    check_whole(BUNDLE)
    check_room(home, BUNDLE)
    earlier = put_aside(home)
    say("2 of 6: installing the program. This takes some minutes ...")
    try:
        install(home, BUNDLE)
        say("3 of 6: trying it out with made-up records ...")
        try_out(home)
        note_installed(home, BUNDLE)
    except BaseException:
        put_back(home, earlier)
        raise
    shutil.rmtree(home / "program.old", ignore_errors=True)
    copy_commands(home, BUNDLE)
    say("4 of 6: the workspace, the folder that holds the records ...")
    make_workspace(home)
    say("5 of 6: starting by itself ...")
    start_at_log_on(home, BUNDLE)
    say("6 of 6: the state of everything:")
    run_program(home, "doctor", "-w", home / "workspace", asks=False)
    tell_what_next(home)
    return 0


def check_whole(bundle: Path) -> None:
    """Compare every file with the list of hashes that came with it."""
    listed = bundle / "SHA256SUMS.txt"
    if not listed.is_file():
        raise Stop("SHA256SUMS.txt is missing. Unpack the whole zip, then start install.cmd there.")
    for line in listed.read_text(encoding="utf-8").splitlines():
        told, _, name = line.partition("  ")
        path = bundle / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != told:
            raise Stop(f"{name} is missing or damaged. Copy or unpack the folder again.")


def check_room(home: Path, bundle: Path) -> None:
    """Refuse a path that Windows would find too long, and a disk with too little room."""
    deepest = int((bundle / "deepest.txt").read_text(encoding="utf-8"))
    length = len(str(home / "program" / "Lib" / "site-packages")) + 1 + deepest
    if os.name == "nt" and length > LONGEST_PATH:
        raise Stop(
            f"The path of {home} is too long. Ask IT to set ED_HOTSPOTS_HOME to a shorter folder "
            "on this computer's own disk."
        )
    home.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(home).free < 3 * 2**30:
        raise Stop(f"The disk of {home} has less than 3 GB free. Make room, and start again.")


def put_aside(home: Path) -> bool:
    """Back up, and put an earlier program aside; whether there was one.

    Windows lets no folder be renamed while a program in it runs: so nothing is replaced under a
    running service.
    """
    program, old = home / "program", home / "program.old"
    if old.exists() and not (program / INSTALLED).is_file():  # an earlier upgrade was cut off
        shutil.rmtree(program, ignore_errors=True)
        old.rename(program)
    shutil.rmtree(old, ignore_errors=True)
    if not program.exists():
        return False
    if not (program / INSTALLED).is_file():  # an earlier installation was cut off
        shutil.rmtree(program)
        return False
    say("ed-hotspots is installed already: it is brought up to date, the workspace stays.")
    while not _renamed(program, old):
        say("ed-hotspots is running. Close all its windows (one may be small, in the task bar).")
        if ask("Then press Enter; or type q to stop here").lower() == "q":
            raise Stop("Nothing was changed.")
    old.rename(program)
    if (home / "workspace" / "settings.toml").is_file():
        back_up(home)
    if not _renamed(program, old):
        raise Stop("ed-hotspots was started meanwhile. Close it, and start install.cmd again.")
    return True


def _renamed(folder: Path, other: Path) -> bool:
    try:
        folder.rename(other)
    except PermissionError:
        return False
    return True


def back_up(home: Path) -> None:
    """A back-up before the upgrade, by the program that made the store."""
    folder = home / "backups"
    folder.mkdir(exist_ok=True)
    file = folder / f"before-upgrade-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.zip"
    say("A back-up is made first ...")
    if run_program(home, "backup", file, "-w", home / "workspace", asks=False):
        raise Stop("The back-up failed, so nothing was changed. Mend what stands above, and again.")


def put_back(home: Path, earlier: bool) -> None:
    """After a failure: the program as it was, or none."""
    program, old = home / "program", home / "program.old"
    shutil.rmtree(program, ignore_errors=True)
    if earlier and old.exists() and not program.exists():
        with suppress(OSError):
            old.rename(program)
            say("The earlier version is in its place again.")


def install(home: Path, bundle: Path) -> None:
    """Make the environment and put the wheels into it, each checked by its hash."""
    program = home / "program"
    if run_python(Path(sys.executable), "-m", "venv", program, where=home, asks=False):
        raise Stop(f"This Python cannot make an environment in {program}. {AGAIN}")
    if run_python(
        python_of(program), "-m", "pip", "--isolated", "--disable-pip-version-check", "install",
        "--quiet", "--no-index", "--find-links", bundle / "wheels", "--only-binary", ":all:",
        "--require-hashes", "--no-cache-dir", "--no-warn-script-location",
        "-r", bundle / "requirements.txt", where=home, asks=False,
    ):  # fmt: skip
        raise Stop(f"The program could not be installed: see the lines above. {AGAIN}")
    runtime_beside_numba(program / "Lib" / "site-packages")
    shutil.copytree(bundle / "steps", program / "steps", copy_function=shutil.copyfile)


def note_installed(home: Path, bundle: Path) -> None:
    """Say that the program is whole and was tried out: until then an earlier one comes back."""
    told = {
        "python": sys.version.split()[0],
        "from": bundle.name,
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    (home / "program" / INSTALLED).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def runtime_beside_numba(site: Path) -> None:
    """Give numba the C++ runtime where Windows has none: of all the wheels it alone brings none.

    A computer on which nobody has installed Microsoft's runtime has no msvcp140.dll. scikit-learn's
    wheel brings it under its own name; a library looks for it in its own folder first.
    """
    system = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "msvcp140.dll")
    brought = site / "sklearn" / ".libs" / "msvcp140.dll"
    if system.is_file() or not brought.is_file():
        return
    for folder in sorted({path.parent for path in (site / "numba").rglob("*.pyd")}):
        shutil.copyfile(brought, folder / brought.name)


def try_out(home: Path) -> None:
    """Run the whole way once, from files to pages, and throw the outcome away."""
    trial = home / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    code = run_program(
        home, "demo", "--workspace", trial, "--assaults", "300", "--months", "3",
        quiet=True, asks=False,
    )  # fmt: skip
    made = (trial / "outputs" / "latest.txt").is_file()
    shutil.rmtree(trial, ignore_errors=True)
    if code or not made:
        raise Stop(
            f"The program does not run on this computer (exit code {code}). Ask IT whether it "
            "blocks programs in your folder, and whether the Visual C++ runtime is installed."
        )


def copy_commands(home: Path, bundle: Path) -> None:
    """Put the commands and the page beside the workspace."""
    for name in (*(f"{command}.cmd" for command in COMMANDS), "READ-ME-FIRST.txt"):
        shutil.copyfile(bundle / name, home / name)


def make_workspace(home: Path) -> None:
    """Ask what the outputs must carry, and make the workspace; one that is there stays as it is."""
    workspace = home / "workspace"
    if (workspace / "settings.toml").is_file():
        say(f"It is there and stays as it is: {workspace}")
        return
    name = ""
    while not name:
        name = ask("Name of your partnership, as it shall stand on maps and briefings")
    number = choose("Which protective marking does your sharing agreement set?", MARKINGS)
    marking = MARKINGS[number] if number < 2 else ask("The marking") if number == 2 else ""
    answers = ["no", "yes", "I do not know yet"]
    names = choose(
        "Does the agreement let a tasking meeting see the names of pubs and clubs?", answers
    )
    options = ["--name", name]
    options += ["--marking", marking] if marking else []
    options += [["--no-premises-names"], ["--premises-names"], []][names]
    if run_program(home, "init", workspace, *options, quiet=True, asks=False):
        raise Stop(f"{workspace} could not be made. If the folder is there, it must be empty.")
    say(f"Made: {workspace}")
    if not marking or names == 2:
        say("Nothing is published until the rest is set in settings.toml in that folder.")


def start_at_log_on(home: Path, bundle: Path) -> None:
    """Let the service start when the user logs on, by the user's own Startup folder."""
    startup = startup_folder()
    if startup is None:
        say("There is no Startup folder here: start watch.cmd by hand.")
    elif agrees("Shall ed-hotspots start by itself whenever you log on?"):
        startup.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(bundle / AT_LOG_ON, startup / "ed-hotspots.cmd")
        say("It will. uninstall.cmd takes that away.")
    else:
        (startup / "ed-hotspots.cmd").unlink(missing_ok=True)
        say("It will not: start watch.cmd by hand.")


def startup_folder() -> Path | None:
    """The folder whose programs Windows starts when this user logs on."""
    roaming = os.environ.get("APPDATA")
    if not roaming:
        return None
    return Path(roaming, "Microsoft", "Windows", "Start Menu", "Programs", "Startup")


def tell_what_next(home: Path) -> None:
    """Say what a person does from here on, open the folder and start the service."""
    say(
        "",
        "DONE. What is next:",
        f"  - put maps and lists of places into {home / 'workspace' / 'reference'}",
        "    (the analyst's quickstart says which ones and where they are free)",
        "  - drag a hospital's file onto add-hospital.cmd, once for each hospital",
        "  - from then on drop each month's file into that hospital's folder of the inbox",
        f"All is in {home}",
    )
    if os.name != "nt":
        return
    with suppress(OSError):
        os.startfile(home)  # type: ignore[attr-defined,unused-ignore]  # noqa: S606
    if agrees("Start the service now?"):
        subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
            [str(python_of(home / "program")), "-E", "-s",
             str(home / "program" / "steps" / "watch.py")],
            cwd=home, creationflags=getattr(subprocess, "CREATE_NEW_CONSOLE", 0),
        )  # fmt: skip


if __name__ == "__main__":
    finish(main)
