"""Describe a hospital, or the police, by one of its files, and say where to drop the next ones."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
import unicodedata
from contextlib import suppress
from pathlib import Path

from plain import Stop, agrees, ask, choose, finish, home_folder, run_program, say

# What add-hospital.cmd was called with, as Windows wrote it: see there.
CALLED = "ED_HOTSPOTS_CALLED"
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
# Windows keeps these names for devices: no folder can have them.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])")
KINDS = [
    ("records of a hospital's emergency department (A&E)", ("--kind", "ed", "--source", "ed")),
    ("records of an ambulance service", ("--kind", "ed", "--source", "ambulance")),
    ("records of an urgent care, walk-in or minor injuries unit",
     ("--kind", "ed", "--source", "urgent_care")),
    ("counts only: this hospital may not share a row for each patient", ("--kind", "counts")),
    ("police recorded crime", ("--kind", "police")),
]  # fmt: skip


def main() -> int:
    """Ask, profile, check, and say where the files go from now on."""
    home = home_folder()
    workspace = home / "workspace"
    if not (workspace / "settings.toml").is_file():
        raise Stop(f"There is no workspace in {workspace}. Run install.cmd first.")
    say("This describes one hospital to ed-hotspots, by one file as the hospital sent it.", "")
    file = which_file(dropped(os.environ.get(CALLED, "")))
    provider, options = who(workspace)
    description = workspace / "providers" / f"{provider}.toml"
    before = changed_at(description)
    say("", "The file is read now. You are asked about each column that is not plain.", "")
    if run_program(home, "profile", file, "-w", workspace, "--provider", provider, *options):
        raise Stop("The hospital was not added: see above. Its file was not changed.")
    if changed_at(description) == before:
        raise Stop("Nothing was changed, because you did not confirm it.")
    say("", "This is what would become of the file. Nothing is stored yet.", "")
    code = run_program(home, "check", file, "-w", workspace, "--provider", provider, asks=False)
    if code not in (0, 1):
        raise Stop(f"Look at providers\\{provider}.toml, or ask the hospital for a better file.")
    drop(file, inbox_of(workspace) / provider)
    return 0


def changed_at(file: Path) -> int | None:
    """When a file was last written, ns; None where there is none."""
    return file.stat().st_mtime_ns if file.is_file() else None


def dropped(called: str) -> list[str]:
    r"""Files that were dragged onto add-hospital.cmd, from the command line that Windows wrote.

    It is ``cmd.exe /c ""C:\x\add-hospital.cmd" C:\y\a&b.csv "C:\y\a b.csv""``: a name without a
    blank is not in quotes, whatever else it holds, and the whole has a pair of quotes of its own.
    """
    after = re.search(r'add-hospital\.cmd"?(.*)', called, flags=re.IGNORECASE | re.DOTALL)
    rest = after[1] if after else ""
    if rest.count('"') % 2:
        rest = rest[: rest.rindex('"')]
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', rest)]


def which_file(given: list[str]) -> Path:
    """The file that was dropped, or the one that a person drags into the window or types."""
    if len(given) > 1:
        say("Several files were dropped: one is enough, and the first is taken.")
    for name in given[:1]:
        if Path(name).is_file():
            say(f"File: {Path(name).name}")
            return Path(name).absolute()
    while True:
        typed = ask("Drag the file into this window and press Enter").strip().strip('"')
        if typed and Path(typed).is_file():
            return Path(typed).absolute()
        say("There is no such file. Try again, or close the window.")


def who(workspace: Path) -> tuple[str, list[str]]:
    """Ask who sent it; its short name, and the options for `profile`."""
    kind = choose("What is in the file?", [words for words, _ in KINDS])
    name = ""
    while not short_name(name):
        name = ask("Full name of the sender, such as Marford General Hospital")
    provider = which_id(name)
    if (workspace / "providers" / f"{provider}.toml").is_file() and not agrees(
        f"{provider} is described already. Describe it anew (the old one is kept)?", default=False
    ):
        raise Stop("Nothing was changed.")
    options = ["--name", name, *KINDS[kind][1]]
    reference = ask("Reference of the sharing agreement (Enter if you do not know it)")
    options += ["--agreement", reference] if reference else []
    if kind < 3:
        items = [
            item
            for item, words in (("age_band", "the age group"), ("sex", "the sex"))
            if agrees(f"Does the agreement let you have {words} of patients?", default=False)
        ]
        options += ["--agreed", ",".join(items)] if items else []
    return provider, options


def which_id(name: str) -> str:
    """The sender's short name, proposed from the full one."""
    while True:
        provider = ask("Its short name, which its folder will have", short_name(name)).lower()
        if ID.fullmatch(provider) and not DEVICES.fullmatch(provider):
            return provider
        say("Use at most 41 letters a to z, digits, - and _, and begin with a letter or digit.")


def short_name(name: str) -> str:
    """Letters a to z, digits and hyphens of a name: `Ysbyty Môn` becomes `ysbyty-mon`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:41].strip("-")


def inbox_of(workspace: Path) -> Path:
    """The inbox, wherever settings.toml puts it."""
    settings = tomllib.loads((workspace / "settings.toml").read_text(encoding="utf-8-sig"))
    return workspace / (settings.get("paths", {}).get("inbox") or "inbox")


def drop(file: Path, folder: Path) -> None:
    """Say where the files go, and put this one there if wished: under its own name, once whole."""
    say(
        "", "From now on drop this sender's files into", f"  {folder}", "The service does the rest."
    )
    folder.mkdir(parents=True, exist_ok=True)
    if agrees("Put this file there now, so that it is taken?"):
        beside = folder / f"{file.name}.part"  # the service looks at no name that ends so
        shutil.copyfile(file, beside)
        beside.replace(folder / file.name)
        say("Done.")
    if os.name == "nt":
        with suppress(OSError):
            os.startfile(folder)  # type: ignore[attr-defined,unused-ignore]  # noqa: S606


if __name__ == "__main__":
    finish(main)
