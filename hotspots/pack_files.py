"""The files of a pack: which there are, in which folders, and what the front page says of each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ed_ingest.errors import WorkspaceError
from ed_ingest.workspace import Workspace
from hotspots.brief import write_brief
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_workbook import write_completeness_workbook
from hotspots.geofiles import write_geopackage, write_geoparquet, write_tables
from hotspots.maps import write_tasking_map
from hotspots.pack_manifest import manifest_of
from hotspots.pages import write_index
from hotspots.plain_text import plain_json
from hotspots.premises_page import write_premises_page
from hotspots.premises_workbook import write_premises_workbook
from hotspots.publishable import Publishable
from hotspots.quality_extras import write_extras
from hotspots.report import write_completeness
from hotspots.words import period_words


class Pack(NamedTuple):
    """All that a pack is written from; of the records only what passed gate 2."""

    workspace: Workspace
    publishable: Publishable
    scored: PublishableCompleteness
    version: str


class Output(NamedTuple):
    """A file of the pack, what the front page says of it, and how it is written.

    ``write`` gets the pack and the file's path, whose folder is there; it may put more files beside
    it.
    """

    path: str
    title: str
    says: str
    write: Callable[[Pack, Path], object]


def _write_for_analysts(pack: Pack, path: Path) -> None:
    write_geopackage(pack.publishable, path)
    write_geoparquet(pack.publishable, path.parent)
    write_tables(pack.publishable, path.parent)


def _write_slides(pack: Pack, path: Path) -> None:
    # Loaded only here: it takes longer to load than all else that a command needs.
    from hotspots.slides import write_slides

    write_slides(pack.publishable, pack.scored, path)


def _write_manifest(pack: Pack, path: Path) -> None:
    manifest = manifest_of(pack.workspace, pack.publishable, pack.version)
    manifest |= {"files": [output.path for output in OUTPUTS]}
    path.write_text(plain_json(manifest) + "\n", encoding="utf-8")


# In the order of the front page.
OUTPUTS = (
    Output(
        "tasking/tasking-map.html",
        "Tasking map",
        "Which streets, which nights and hours, and what the police have no record of.",
        lambda pack, path: write_tasking_map(pack.publishable, path),
    ),
    Output(
        "tasking/tasking-brief.pdf",
        "Tasking brief",
        "The same message on two sheets of paper, with lines for actions.",
        lambda pack, path: write_brief(pack.publishable, pack.scored, path),
    ),
    Output(
        "tasking/tasking-brief.pptx",
        "Tasking brief as slides",
        "The same message and figures for the meeting’s own slides: all can be edited.",
        _write_slides,
    ),
    Output(
        "data-quality/completeness.html",
        "Completeness report",
        "What each hospital sends, what is missing, and what to ask for.",
        lambda pack, path: write_completeness(pack.scored, path),
    ),
    Output(
        "data-quality/completeness.xlsx",
        "Completeness tables",
        "The same figures, one table a sheet, with the control charts’ limits.",
        lambda pack, path: write_completeness_workbook(pack.scored, path),
    ),
    Output(
        "licensing/premises.html",
        "Premises",
        "For licensing: which premises patients name, how sure that is, and what it does not say.",
        lambda pack, path: write_premises_page(pack.publishable, path),
    ),
    Output(
        "licensing/premises.xlsx",
        "Premises tables",
        "The same figures for all premises with enough incidents, one table a sheet.",
        lambda pack, path: write_premises_workbook(pack.publishable, path),
    ),
    Output(
        "analyst/hotspots.gpkg",
        "GeoPackage and tables",
        "For QGIS, Excel and Power BI, in the analyst folder; dictionary.csv explains.",
        _write_for_analysts,
    ),
    Output(
        "manifest.json",
        "Manifest",
        "Inputs, settings, versions and what was withheld.",
        _write_manifest,
    ),
)


def write_pack(folder: Path, pack: Pack) -> None:
    """Write all files of a pack into an empty folder, the front page last."""
    for output in OUTPUTS:
        path = folder / output.path
        path.parent.mkdir(exist_ok=True)
        output.write(pack, path)
    extras = write_extras(folder / "data-quality", pack.workspace.settings, pack.scored)
    publishable = pack.publishable
    write_index(
        folder / "index.html",
        title=f"Violence seen by hospitals: {publishable.partnership}",
        marking=publishable.marking,
        period_words=period_words(publishable.period_from, publishable.period_to),
        entries=[*((output.path, output.title, output.says) for output in OUTPUTS), *extras],
        caveats=publishable.caveats,
    )


@contextmanager
def built(folder: Path) -> Iterator[Path]:
    """Build a folder beside its place and put it there whole, so that nobody sees half a pack."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        yield unfinished
        if folder.exists():
            folder.rename(aside)
        unfinished.rename(folder)
    except PermissionError:
        raise WorkspaceError(
            f"{folder}: cannot be renewed. Close its files in other programs, and try again."
        ) from None
    finally:
        # On Windows a scanner that has a new file open stops the second of the two renames.
        if aside.exists() and not folder.exists():
            with suppress(OSError):
                aside.rename(folder)
        for left_over in (unfinished, aside):
            shutil.rmtree(left_over, ignore_errors=True)


def next_version(folder: Path, earlier: Collection[str]) -> Path:
    """The month's folder; `.v2`, `.v3` … where packs of the month stand or went out already."""
    version, name = 1, folder
    while name.exists() or name.name in earlier:
        version += 1
        name = folder.with_name(f"{folder.name}.v{version}")
    return name
