"""What a command was given as police files (folders, zips) -> files to take in, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ed_ingest.errors import EdHotspotsError
from ed_ingest.police_downloads import left_words, police_files
from ed_ingest.police_uk import AREA_ONLY, holds_police_uk
from ed_ingest.providers import Provider, load_provider, load_providers
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace


@contextmanager
def deliveries(
    given: Sequence[Path], workspace: Workspace, provider_id: str
) -> Iterator[tuple[list[Path], list[str], list[EdHotspotsError]]]:
    """Find the files to take in; those of a police provider may lie in folders and zips.

    Parameters
    ----------
    given
        What the command line names.
    workspace, provider_id
        Whose files they are.

    Yields
    ------
    tuple
        The files; sentences on what was left aside, and on what police.uk's rows are for; why
        something that was given cannot be taken. Unpacked files go when the block ends.

    Raises
    ------
    SettingsError
        If there is no such provider.
    """
    provider = load_provider(workspace.root, provider_id)
    if provider.kind != "police":
        yield list(given), [], []
        return
    paths: list[Path] = []
    notes, refused = [], []
    with ExitStack() as opened:
        for path in given:
            limit = workspace.settings.reading.max_file_mb
            try:
                found = opened.enter_context(police_files(path, max_file_mb=limit))
            except EdHotspotsError as error:
                refused.append(error)
                continue
            paths += found.paths
            notes += left_words(path.name, found)
        if paths and is_police_uk(provider):
            notes.append(AREA_ONLY)
        yield paths, notes, refused


def is_police_uk(provider: Provider) -> bool:
    """Whether a provider's files are police.uk's: months and map points, for areas only."""
    return provider.kind == "police" and holds_police_uk(provider.columns)


def area_only_words(workspace: Workspace) -> list[str]:
    """Say of each provider of police.uk's files with rows in the store what they are not used for.

    Also that nothing can be linked where there are no other police records.
    """
    with open_store(workspace.store) as store:
        stored = set(store.read("batches")["provider"])
    police = [p for p in load_providers(workspace.root) if p.kind == "police" and p.id in stored]
    area_only = [p for p in police if is_police_uk(p)]
    lines = [f"{p.id}: {AREA_ONLY}" for p in area_only]
    if area_only and len(area_only) == len(police):
        lines.append(
            "No assault can be linked: there are no police records with a day and a point. Ask the "
            "force for an extract; until then areas are compared by rank in outputs/draft/analyst/."
        )
    return lines
