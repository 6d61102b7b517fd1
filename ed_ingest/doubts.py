"""What is doubtful about rows that are stored all the same, and what to ask the hospital."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from ed_ingest.codes import is_missing, read_codes
from ed_ingest.issues import NOTED, issue_rows
from ed_ingest.levels import HOMES
from ed_ingest.schema import TableSpec
from ed_ingest.snomed import looks_rounded

# An assault this long or longer after arrival has a wrong date; one shorter may carry the date of
# the evening before or after, which is left as told and flagged.
LATE_AFTER = pd.Timedelta(hours=24)
LONG_BEFORE = pd.Timedelta(days=90)
# Far enough from the other points of a file to be in another region; near enough to be among them.
FAR_M, NEAR_M = 100_000, 50_000
FEWEST_POINTS = 20
# A point is taken for a default when so many rows, and such a share, have it beside unlike words.
DEFAULT_ROWS, DEFAULT_SHARE, DEFAULT_TEXTS = 30, 0.05, 0.2

_AS_TEXT = "Ask for the column as text, or for a CSV file that no spreadsheet has saved."
_POINT_REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "swapped": "They lie in Great Britain when exchanged: exchange the two under [columns].",
        "kilometres": "They look like kilometres: ask the provider for metres.",
        "no sign": "They lie in Great Britain with a minus before the longitude: ask for it.",
        "one of two": "Only one of the two came: ask the provider for both.",
        "no number": "They are no numbers: check which columns stand under [columns].",
        "outside": "Check which column is easting or longitude and which northing or latitude.",
    }
)
_HOME_WORDS = r"(?i)\b(?:home|house|flat|address|bedroom|kitchen|living room|cartref|t[yŷ])\b"


def doubts(rows: pd.DataFrame, spec: TableSpec) -> Iterator[pd.DataFrame]:
    """Note what is doubtful, a rule at a time.

    Parameters
    ----------
    rows
        Normalised rows that are assaults, with the columns for the checks and ``_after_arrival``:
        how long after arrival the assault was, missing where one of the two cannot be believed.
    spec
        The schema ``ed_assault``.

    Yields
    ------
    DataFrame
        Issues as in `ed_ingest.issues.issue_rows`, all of them ``noted``.
    """
    yield from _times(rows)
    yield from _coordinates(rows)
    yield from _identity(rows)
    yield from _not_understood(rows, spec)


def _times(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    after = rows["_after_arrival"]
    came = rows["_came_assault_from"]
    yield _noted(
        (after > pd.Timedelta(0)) & (after < LATE_AFTER),
        "assault_from",
        "assault before arrival",
        "Ask whether the date is that of the evening before; the record keeps what was told.",
        cells=came,
    )
    yield _noted(
        after < -LONG_BEFORE,
        "assault_from",
        "assault within 90 days before arrival",
        "Ask the provider whether the date of the assault is right.",
        cells=came,
    )
    yield _noted(
        rows["_no_arrival_time"].astype(bool),
        "arrived_at",
        "arrival with its time",
        "Ask the provider for the time of arrival.",
        cells=rows["_came_arrived_at"],
    )
    yield _noted(
        rows["clock_change"] == "nonexistent",
        "assault_from",
        "a time that the clocks showed",
        "None: in this hour of March the clocks go forward, so the time was written an hour off.",
    )
    undated = rows["time_precision"].isin(["arrival", "missing"])
    for column, missing in (("arrived_at", rows["arrived_at"].isna()), ("assault_from", undated)):
        cells = rows[f"_came_{column}"]
        yield _noted(
            _stands_for_none(cells, missing & rows[f"_unread_{column}"].isna()),
            column,
            "a real date, or an empty cell",
            "Ask the provider to leave the cell empty where the date is not known.",
            cells=cells,
        )


def _stands_for_none(cells: pd.Series, silent: pd.Series) -> pd.Series:
    """Cells that were read as no date at all, and are neither empty nor a word that says so."""
    some = cells[silent & cells.notna()]
    told = [bool(text.strip()) and not is_missing(text) for text in some.astype("str")]
    return silent & pd.Series(told, index=some.index, dtype=bool).reindex(
        cells.index, fill_value=False
    )


def _coordinates(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for fault, remedy in _POINT_REMEDIES.items():
        yield _noted(
            rows["_point_fault"] == fault,
            "easting",
            "coordinates in Great Britain",
            f"{remedy} The record is stored without them.",
            cells=rows["_came_easting"],
        )
    yield _noted(
        rows["_point_fault"] == "zero",
        "easting",
        "coordinates, or empty cells",
        "Ask the provider to leave the cells empty where the place is not known.",
    )
    yield from _far_points(rows)
    yield from _default_points(rows)


def _far_points(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Points a region away from the file's middle; those that exchanging the two brings near."""
    east, north = rows["easting"], rows["northing"]
    if east.notna().sum() < FEWEST_POINTS:
        return
    middle = east.median(), north.median()
    far = pd.Series(np.hypot(east - middle[0], north - middle[1]) > FAR_M, rows.index)
    swapped = far & (np.hypot(north - middle[0], east - middle[1]) < NEAR_M)
    rule = "coordinates near the others of the file"
    for mask, remedy in (
        (swapped, "Exchanged they lie near the others: ask which is easting and which northing."),
        (far & ~swapped, "Ask the provider whether the assault was so far away."),
    ):
        yield _noted(mask, "easting", rule, remedy, cells=rows["_came_easting"])


def _default_points(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """One point on very many rows of unlike words: the hospital, or the middle of an area.

    Told once for each point, at its first row, with the number of rows.
    """
    at = rows.loc[rows["easting"].notna(), ["easting", "northing", "location_text"]]
    fewest = max(DEFAULT_ROWS, DEFAULT_SHARE * len(at))
    points = at.groupby(["easting", "northing"])["location_text"]
    many = points.size()[lambda sizes: sizes >= fewest]
    for point, n in many.items():
        texts = points.get_group(point)
        # The words of one pub are alike; without words nothing speaks for a real place.
        if texts.str.casefold().nunique() > DEFAULT_TEXTS * n or texts.isna().all():
            yield issue_rows(
                texts.index[:1],
                column="easting",
                rule="coordinates of the place, not a default point",
                fate=NOTED,
                remedy=f"{n} rows with unlike places have this point: ask whether it stands for "
                "the hospital or the middle of an area; if so, leave it out under [columns].",
            )


def _identity(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    yield _noted(
        rows["_repeat"].astype(bool),
        "arrived_at",
        "no two rows alike",
        "Rows alike without arrival may be two patients: ask the provider for the arrival.",
    )
    yield _noted(
        rows["_rounded_number"],
        "attendance_number",
        "numbers in full, not rounded by a spreadsheet",
        f"The record is stored without its number. {_AS_TEXT}",
    )
    texts = rows["location_text"]
    known = ~rows["location_type"].isin([*HOMES, "unknown"])
    some = texts[known & texts.str.contains(_HOME_WORDS, na=False)]
    at_home = read_codes(some, "location_type").isin(HOMES).reindex(rows.index, fill_value=False)
    yield _noted(
        at_home,
        "location_type",
        "a type of place that fits its words",
        "The words tell of a home, the type does not: ask the provider which is right.",
    )


def _not_understood(rows: pd.DataFrame, spec: TableSpec) -> Iterator[pd.DataFrame]:
    """Cells that were delivered and not understood; the contract's column is left unknown."""
    for name in ("arrived_at", "assault_from"):
        cells = rows[f"_unread_{name}"]
        if name == "arrived_at":
            known = rows["assault_from"].notna()
        else:
            known = rows["arrived_at"].notna() | rows["assault_from"].notna()
        rule = "a date or time that can be read"
        remedy = "Check date_order under [format]; ask the provider for one way of writing times."
        yield _noted(cells.notna() & known, name, rule, remedy, cells=cells)
    unknown_area = rows["_unread_lsoa"].notna()
    yield _noted(
        unknown_area,
        "lsoa",
        "the code of a small area",
        "Check lsoa under [columns] in the provider's file; the record is stored without it.",
        cells=rows["_unread_lsoa"],
    )
    for name in (f.name for f in spec.fields.values() if f.codes):
        if f"_unread_{name}" in rows:
            yield from _codes(rows[f"_unread_{name}"], name)


def _codes(cells: pd.Series, name: str) -> Iterator[pd.DataFrame]:
    """Words of a coded column that no word list knows, and long codes that are spoilt."""
    some = cells[cells.notna()]
    spoilt = rounded(some).reindex(cells.index, fill_value=False)
    yield _noted(spoilt, name, "codes in full, not rounded by a spreadsheet", _AS_TEXT, cells=cells)
    rule = "words that are known"
    remedy = f"Add the provider's words under [values.{name}] in the provider's file."
    yield _noted(cells.notna() & ~spoilt, name, rule, remedy, cells=cells)


def rounded(texts: pd.Series) -> pd.Series:
    """Which texts are long numbers that a spreadsheet has spoilt."""
    # Few are numbers at all: the pattern lets through what is worth a look.
    likely = texts[texts.str.match(r"^[0-9.,]+(?:[eE]\+?[0-9]+)?$", na=False)]
    spoilt = pd.Series([looks_rounded(t) for t in likely], index=likely.index, dtype=bool)
    return spoilt.reindex(texts.index, fill_value=False)


def _noted(
    mask: pd.Series, column: str, rule: str, remedy: str, *, cells: pd.Series | None = None
) -> pd.DataFrame:
    return issue_rows(mask, column=column, rule=rule, fate=NOTED, remedy=remedy, cells=cells)
