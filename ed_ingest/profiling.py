"""Take an unseen file's layout down: read it, propose a mapping, write the provider's file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ed_ingest.intervals import has_idle_midnights
from ed_ingest.layout import apply_mapping
from ed_ingest.own_words import LISTS, explained_codes, national_codes, unread_words
from ed_ingest.proposal import Proposal, propose
from ed_ingest.provider_file import Agreed, Layout, provider_toml
from ed_ingest.read import read_extract
from ed_ingest.tables import RawExtract
from ed_ingest.workspace import Workspace

# The minimum data set: an item, and the columns of which one must be mapped.
MINIMUM = (
    ("when the assault was", ("assault_at", "assault_date")),
    ("at what time it was", ("assault_at", "assault_time")),
    ("how the patient was assaulted", ("assault_method",)),
    ("where it was", ("location_text", "easting", "latitude", "grid_reference")),
    ("what kind of place it was", ("location_type",)),
    ("when the patient arrived", ("arrived_at", "arrived_date")),
)


@dataclass(frozen=True)
class Profile:
    """A file's layout as proposed, for a person to judge.

    Attributes
    ----------
    file
        Name of the file.
    n_rows
        Rows of records in it.
    proposal
        What each column is taken for.
    layout
        Format, and the provider's own words.
    """

    file: str
    n_rows: int
    proposal: Proposal
    layout: Layout

    @property
    def missing(self) -> list[str]:
        """Items of the minimum data set, and the arrival, that no column was found for."""
        have = set(self.proposal.columns) | set(self.proposal.ticks)
        return [item for item, columns in MINIMUM if not have & set(columns)]


def profile_file(
    path: Path,
    *,
    agreed: Iterable[str] = (),
    sheet: str | None = None,
    codes: Path | None = None,
) -> Profile:
    """Read a file of attendances and propose how to read such files.

    Parameters
    ----------
    path
        One delivery, as it came.
    agreed
        Items beyond the default that the sharing agreement names.
    sheet
        Name of the sheet of records, where the reader should not choose.
    codes
        A file with a table of codes and descriptions that explains local or national codes.

    Raises
    ------
    FileError
        If the file cannot be read.
    """
    raw = read_extract(path, sheet=sheet)
    proposal = propose(raw, agreed=agreed)
    tables = [read_extract(codes)] if codes else []
    return Profile(path.name, len(raw), proposal, _layout(raw, proposal, sheet, tables))


def write_provider(
    workspace: Workspace, provider_id: str, profile: Profile, agreed: Agreed
) -> Path:
    """Write providers/<id>.toml; an earlier one is kept beside it, ending in .toml.old."""
    path = workspace.root / "providers" / f"{provider_id}.toml"
    if path.exists():
        path.replace(path.with_suffix(".toml.old"))
    text = provider_toml(
        profile.proposal.suggestions, profile.proposal.ticks, agreed=agreed, layout=profile.layout
    )
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _layout(
    raw: RawExtract, proposal: Proposal, sheet: str | None, code_tables: Sequence[pd.DataFrame]
) -> Layout:
    """What the mapped columns themselves tell: words, codes, idle midnights."""
    values: dict[str, dict[str, str]] = {}
    unread: dict[str, list[str]] = {}
    for column, headings in proposal.columns.items():
        if column in LISTS:
            cells = raw[headings[0]]
            national = national_codes(headings[0], cells, column)
            values[column] = national or explained_codes(cells, column, code_tables)
            unread[column] = unread_words(cells, column, values[column])
    mapped = apply_mapping(raw, proposal.columns, where="", ticks=proposal.ticks)
    return Layout(
        sheet=sheet,
        date_order=proposal.date_order,
        midnight_is_missing=has_idle_midnights(mapped, date_order=proposal.date_order),
        values={column: own for column, own in values.items() if own},
        unread={column: words for column, words in unread.items() if words},
    )
