"""The command profile: read, propose, ask, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ed_ingest.errors import SettingsError
from ed_ingest.profiling import profile_file, write_provider
from ed_ingest.provider_file import Agreed
from ed_ingest.settings import load_provider
from ed_ingest.workspace import Workspace
from hotspots.questions import Ask, ask_about, profile_figures, proposal_lines

KINDS, SOURCES = ("ed", "police", "counts"), ("ed", "ambulance", "urgent_care")


@dataclass(frozen=True)
class Wanted:
    """What the command line says of the provider and its sharing agreement."""

    kind: str = "ed"
    source: str = "ed"
    name: str | None = None
    reference: str | None = None
    items: tuple[str, ...] = ()
    sheet: str | None = None
    codes: Path | None = None


def run_profile(
    file: Path,
    workspace: Workspace,
    provider_id: str,
    wanted: Wanted,
    *,
    yes: bool,
    ask: Ask | None,
    tell: Callable[[list[str]], None],
) -> tuple[dict[str, Any], list[str]]:
    """Propose a mapping for the file and, once confirmed, write the provider's file.

    Parameters
    ----------
    file
        One delivery, as it came.
    workspace, provider_id
        Where the provider's file is written, and its name.
    wanted
        What the command line says.
    yes
        Write what is proposed without asking.
    ask
        Puts a question to a person; None where nobody can answer.
    tell
        Prints lines before the questions.

    Returns
    -------
    tuple
        Figures for machines, and the lines to print.

    Raises
    ------
    EdHotspotsError
        If the file cannot be read, or an option is none of its choices.
    """
    _check(provider_id, wanted)
    profile = profile_file(file, agreed=wanted.items, sheet=wanted.sheet, codes=wanted.codes)
    lines = proposal_lines(profile)
    if ask is not None:
        tell(lines)
        profile = ask_about(profile, ask)
        lines = []
        yes = ask("Write this to the provider's file? (y/n)", "y").strip().lower().startswith("y")
    if not yes:
        lines += ["Nothing is written yet: run again with --yes, or at a terminal to be asked."]
        return profile_figures(profile, provider_id, None), lines
    agreed = Agreed(
        name=wanted.name or _title(provider_id),
        source=wanted.source,
        reference=wanted.reference,
        items=wanted.items,
    )
    written = write_provider(workspace, provider_id, profile, agreed)
    load_provider(workspace.root, provider_id)  # what was written must be readable
    return profile_figures(profile, provider_id, written.name), [
        *lines,
        f"Written: providers/{written.name}. Look it over, then: "
        f"ed-hotspots check {file.name} -w {workspace.root.name} --provider {provider_id}",
        *_warnings(wanted),
    ]


def _check(provider_id: str, wanted: Wanted) -> None:
    if not provider_id or not all(c.isascii() and (c.isalnum() or c in "-_") for c in provider_id):
        raise SettingsError("--provider: use small letters, digits, - and _ only.")
    for option, value, choices in (
        ("--kind", wanted.kind, KINDS),
        ("--source", wanted.source, SOURCES),
    ):
        if value not in choices:
            raise SettingsError(f"{option}: choose one of {', '.join(choices)}.")


def _title(provider_id: str) -> str:
    return provider_id.replace("-", " ").replace("_", " ").title()


def _warnings(wanted: Wanted) -> list[str]:
    if wanted.reference:
        return []
    return ["No sharing agreement is recorded: put its reference under [agreement] in that file."]
