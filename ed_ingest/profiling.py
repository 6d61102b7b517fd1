"""Take an unseen file's layout down: read it, propose a mapping, write the provider's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest.counts_layout import propose_counts
from ed_ingest.errors import FileError
from ed_ingest.guarded import Limits, read_guarded, tables_guarded
from ed_ingest.headings import is_a_value
from ed_ingest.intervals import has_idle_midnights
from ed_ingest.layout import apply_mapping
from ed_ingest.own_words import (
    LISTS,
    explained_codes,
    holds_records,
    national_codes,
    unread_words,
)
from ed_ingest.police_downloads import left_words, police_files
from ed_ingest.police_layout import propose_police
from ed_ingest.police_uk import AREA_ONLY, PUBLISHED, is_police_uk
from ed_ingest.proposal import Proposal, Suggestion, propose
from ed_ingest.provider_file import Agreed, Layout, plain_toml, provider_toml
from ed_ingest.read import WORKBOOK_ENDINGS
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
# Without the day of either no row can be stored.
DAYS = frozenset({"assault_at", "assault_date", "arrived_at", "arrived_date"})


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

    @property
    def has_a_day(self) -> bool:
        """Whether a column tells the day of the assault or of the arrival."""
        return bool(DAYS & set(self.proposal.columns))


def profile_file(
    path: Path,
    *,
    limits: Limits,
    agreed: Iterable[str] = (),
    sheet: str | None = None,
    codes: Path | None = None,
) -> Profile:
    """Read a file of attendances and propose how to read such files.

    Parameters
    ----------
    path
        One delivery, as it came.
    limits
        What reading the file may take.
    agreed
        Items beyond the default that the sharing agreement names.
    sheet
        Name of the sheet of records, where the reader should not choose.
    codes
        A file with a table of codes and descriptions that explains local or national codes; a
        sheet of such a table in the file itself is found.

    Raises
    ------
    FileError
        If the file cannot be read, or a record stands where the headings should.
    """
    raw = read_guarded(path, sheet=sheet, limits=limits)
    _refuse_without_headings(raw, path.name)
    proposal = propose(raw, agreed=agreed)
    sources = ([codes] if codes else []) + ([path] if path.suffix in WORKBOOK_ENDINGS else [])
    tables = [t for source in sources for t in tables_guarded(source, limits=limits)]
    tables = [table for table in tables if not holds_records(table, raw)]
    return Profile(path.name, len(raw), proposal, _layout(raw, proposal, sheet, tables))


@dataclass(frozen=True)
class PlainProfile:
    """A police file's or a counts file's layout as proposed.

    Attributes
    ----------
    kind
        ``police`` or ``counts``.
    file, n_rows
        Name of the file, and its rows.
    suggestions
        What each column is taken for.
    document
        The tables of the provider's file.
    questions
        What could not be told, in plain words.
    notes
        What was left aside of a folder or zip, and what the rows can be used for.
    """

    kind: str
    file: str
    n_rows: int
    suggestions: tuple[Suggestion, ...]
    document: Mapping[str, Any]
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def profile_police(path: Path, *, limits: Limits, sheet: str | None = None) -> PlainProfile:
    """Read a police file, the first in a folder or zip, and propose how to read such files.

    Raises
    ------
    FileError
        As `profile_file`; or as `police_files`.
    """
    with police_files(path, max_file_mb=int(limits.max_file_mb)) as found:
        raw = read_guarded(found.paths[0], sheet=sheet, limits=limits)
        notes = tuple(left_words(path.name, found))
    _refuse_without_headings(raw, path.name)
    suggestions = propose_police(raw)
    told = PlainProfile("police", path.name, len(raw), suggestions, {"layout": PUBLISHED})
    if is_police_uk(raw):
        return replace(told, notes=(*notes, AREA_ONLY))
    columns = {column: s.heading for s in suggestions for column in s.columns}
    dated = any(column.startswith("committed") for column in columns)
    questions = () if dated else ("No column was found for when the crimes were committed.",)
    return replace(told, document={"columns": columns}, questions=questions, notes=notes)


def profile_counts(path: Path, *, limits: Limits, sheet: str | None = None) -> PlainProfile:
    """Read a file of counts and propose how to read such files; raises as `profile_file`."""
    raw = read_guarded(path, sheet=sheet, what="counts", limits=limits)
    proposal = propose_counts(raw)
    found: dict[str, list[str]] = {}
    for column, headers in proposal.columns.items():
        for header in (headers,) if isinstance(headers, str) else headers:
            found.setdefault(header, []).append(column)
    suggestions = tuple(
        Suggestion(
            str(heading),
            "counts",
            tuple(found.get(str(heading), ())),
            min(
                (proposal.confidence.get(c, 1.0) for c in found.get(str(heading), ())), default=0.0
            ),
            False,
        )
        for heading in raw.columns
    )
    return PlainProfile(
        "counts", path.name, len(raw), suggestions, proposal.document(), proposal.questions
    )


def _refuse_without_headings(raw: RawExtract, name: str) -> None:
    """What stands in the row of headings is shown, and written to the provider's file."""
    n = sum(is_a_value(str(heading)) for heading in raw.columns)
    if n:
        raise FileError(
            f"{name}: {n} of its headings are dates or numbers, so a record seems to stand where "
            "the headings should. Ask for a file with a row of headings."
        )


def write_plain(
    workspace: Workspace, provider_id: str, profile: PlainProfile, agreed: Agreed
) -> Path:
    """Write providers/<id>.toml of a police force or of counts, as `write_provider` does."""
    text = plain_toml(profile.kind, profile.document, agreed=agreed)
    return write_text(workspace, provider_id, text)


def write_provider(
    workspace: Workspace, provider_id: str, profile: Profile, agreed: Agreed
) -> Path:
    """Write providers/<id>.toml, as `write_text` does."""
    text = provider_toml(
        profile.proposal.suggestions, profile.proposal.ticks, agreed=agreed, layout=profile.layout
    )
    return write_text(workspace, provider_id, text)


def write_text(workspace: Workspace, provider_id: str, text: str) -> Path:
    """Write the text of providers/<id>.toml, and make the provider's folder of the inbox.

    Earlier ones are kept beside it, ending in ``.toml.old``, ``.toml.old2`` …
    """
    path = workspace.root / "providers" / f"{provider_id}.toml"
    if path.exists():
        endings = chain([""], map(str, count(2)))
        path.replace(next(p for e in endings if not (p := Path(f"{path}.old{e}")).exists()))
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with suppress(OSError):  # a share may not be connected now
        (workspace.inbox / provider_id).mkdir(exist_ok=True)
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
            values[column] = national or explained_codes(headings[0], cells, column, code_tables)
            unread[column] = unread_words(cells, column, values[column])
    mapped = apply_mapping(raw, proposal.columns, where="", ticks=proposal.ticks)
    return Layout(
        sheet=sheet,
        date_order=proposal.date_order,
        midnight_is_missing=has_idle_midnights(mapped, date_order=proposal.date_order),
        values={column: own for column, own in values.items() if own},
        unread={column: words for column, words in unread.items() if words},
    )
