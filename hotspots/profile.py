"""The command profile: read, propose, ask, write."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ed_ingest.errors import MappingError, SettingsError
from ed_ingest.guarded import Limits
from ed_ingest.profiling import (
    profile_counts,
    profile_file,
    profile_police,
    write_plain,
    write_provider,
)
from ed_ingest.provider_file import Agreed
from ed_ingest.providers import load_provider
from ed_ingest.toml_tables import PROVIDER_ID
from ed_ingest.workspace import Workspace
from hotspots.questions import (
    Ask,
    ask_about,
    plain_figures,
    plain_lines,
    profile_figures,
    proposal_lines,
)

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
        If the file cannot be read, an option is none of its choices, or nobody is asked and no
        column tells the day of the assault or of the arrival.
    """
    _check(provider_id, wanted)
    reading = workspace.settings.reading
    limits = Limits(reading.max_memory_mb, reading.max_seconds, reading.max_file_mb)
    agreed = Agreed(
        name=wanted.name or _title(provider_id),
        source=wanted.source,
        reference=wanted.reference,
        items=wanted.items,
    )
    if wanted.kind != "ed":
        return _plain(
            file, workspace, provider_id, wanted, limits, agreed, yes=yes, ask=ask, tell=tell
        )
    profile = profile_file(
        file, limits=limits, agreed=wanted.items, sheet=wanted.sheet, codes=wanted.codes
    )
    lines = proposal_lines(profile)
    if ask is not None:
        tell(lines)
        profile = ask_about(profile, ask)
        if not profile.has_a_day:
            tell([f"ATTENTION: {NO_DAY}"])
        lines, yes = [], _confirmed(ask, "y" if profile.has_a_day else "n")
    elif yes and not profile.has_a_day:
        tell(lines)
        raise MappingError(f"{file.name}: {NO_DAY} {BY_HAND.format(provider_id)}")
    if not yes:
        return profile_figures(profile, provider_id, None), [*lines, NOT_WRITTEN]
    written = write_provider(workspace, provider_id, profile, agreed)
    load_provider(workspace.root, provider_id)  # what was written must be readable
    figures = profile_figures(profile, provider_id, written.name)
    return figures, [*lines, *_next(file, workspace, provider_id, wanted)]


def _plain(
    file: Path,
    workspace: Workspace,
    provider_id: str,
    wanted: Wanted,
    limits: Limits,
    agreed: Agreed,
    *,
    yes: bool,
    ask: Ask | None,
    tell: Callable[[list[str]], None],
) -> tuple[dict[str, Any], list[str]]:
    """The same for police files and counts, whose proposal is taken or left as a whole."""
    take = profile_police if wanted.kind == "police" else profile_counts
    profile = take(file, limits=limits, sheet=wanted.sheet)
    lines = plain_lines(profile)
    if ask is not None:
        tell(lines)
        lines, yes = [], _confirmed(ask)
    if not yes:
        return plain_figures(profile, provider_id, None), [*lines, NOT_WRITTEN]
    written = write_plain(workspace, provider_id, profile, agreed)
    load_provider(workspace.root, provider_id)
    figures = plain_figures(profile, provider_id, written.name)
    return figures, [*lines, *_next(file, workspace, provider_id, wanted)]


NO_DAY = (
    "no column is taken for the day of the assault or of the arrival, so no row could be stored."
)
BY_HAND = (
    "Nothing is written: run again at a terminal without --yes and tell which column it is, or "
    "write providers/{}.toml by hand."
)
NOT_WRITTEN = "Nothing is written yet: run again with --yes, or at a terminal to be asked."


def _confirmed(ask: Ask, usual: str = "y") -> bool:
    return ask("Write this to the provider's file? (y/n)", usual).strip().lower().startswith("y")


def _next(file: Path, workspace: Workspace, provider_id: str, wanted: Wanted) -> list[str]:
    lines = [
        f"Written: providers/{provider_id}.toml. Look it over, then: ed-hotspots check "
        f"{file} -w {workspace.root} --provider {provider_id}",
        f"Its folder for ed-hotspots watch: {workspace.inbox / provider_id}",
    ]
    if not wanted.reference:
        lines.append(
            "No sharing agreement is recorded: put its reference under [agreement] in that file."
        )
    return lines


def _check(provider_id: str, wanted: Wanted) -> None:
    if not re.fullmatch(PROVIDER_ID, provider_id):
        raise SettingsError(
            "--provider: use at most 41 small letters, digits, - and _, a letter or digit first."
        )
    for option, value, choices in (
        ("--kind", wanted.kind, KINDS),
        ("--source", wanted.source, SOURCES),
    ):
        if value not in choices:
            raise SettingsError(f"{option}: choose one of {', '.join(choices)}.")


def _title(provider_id: str) -> str:
    return provider_id.replace("-", " ").replace("_", " ").title()
