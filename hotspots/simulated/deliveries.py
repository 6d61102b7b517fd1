"""How extracts are delivered: month by month, one late, one corrected, some rows twice."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspots.simulated.hospitals import Extract, make_extract
from hotspots.simulated.incidents import Minutes, Period
from hotspots.simulated.names import names
from hotspots.simulated.network import Ints
from hotspots.simulated.other_attendances import with_other_attendances
from hotspots.simulated.town import Town

DUPLICATE_SHARE = 0.006
CORRECTED_SHARE = 0.12
# Days after the month's end on which each provider delivers.
DELAY_DAYS = {
    "marford-general": 6,
    "st-teilos": 9,
    "royal-infirmary": 4,
    "wexshire-police": 11,
    "police-uk": 27,
}
CORRECTION_DAYS = 21
SUFFIX = {"st-teilos": ".xlsx"}
# What a clerk has not yet filled in when a month is first sent.
_UNFINISHED = {"IncidentTime": "", "AssaultLocation": "", "PlaceType": "Not recorded"}


class Delivery(NamedTuple):
    """One file.

    ``rows`` are positions in the extract in the file's order; ``titles`` stand above the header;
    ``author`` is a property of a workbook.
    """

    provider: str
    file: str
    received_on: np.datetime64
    rows: Ints
    cells: pd.DataFrame
    titles: tuple[str, ...] = ()
    author: str = ""

    @property
    def first_row(self) -> int:
        """Number of the first row below the header, as the spreadsheet shows it."""
        return len(self.titles) + 2


class Sent(NamedTuple):
    """One hospital's extract and the files in which it was sent, first sent first."""

    extract: Extract
    deliveries: list[Delivery]


def send_extract(
    rng: np.random.Generator, town: Town, people: pd.DataFrame, provider: str, period: Period
) -> Sent:
    """Write one hospital's extract and part it into the files that it sends.

    St Teilo's last month but one comes late, with the last; Marford General sends its own again,
    corrected.
    """
    extract = make_extract(rng, town, people, provider)
    if provider == "royal-infirmary":
        extract = with_other_attendances(rng, town, extract)
    author = _author(rng) if SUFFIX.get(provider) == ".xlsx" else ""
    month = extract.truth["arrived_at"].to_numpy().astype("M8[M]")
    odd = period.last - 1
    if provider == "st-teilos" and odd > period.first:
        month = np.where(month == odd, period.last, month)
    made = []
    for sent in np.unique(month):
        rows = _with_duplicates(rng, np.flatnonzero(month == sent))
        whole = _delivery(provider, sent, rows, extract.cells.iloc[rows], author=author)
        if provider == "marford-general" and sent == odd:
            made.append(whole._replace(cells=_unfinished(rng, extract, rows)))
            later = whole.received_on + np.timedelta64(CORRECTION_DAYS, "D")
            file = whole.file.replace(".csv", "_corrected.csv")
            whole = whole._replace(file=file, received_on=later)
        made.append(whole)
    return Sent(extract, made)


def by_month(provider: str, cells: pd.DataFrame, month: Minutes) -> list[Delivery]:
    """Part a police extract into monthly files."""
    made = []
    for sent in np.unique(month):
        rows = np.flatnonzero(month == sent)
        made.append(_delivery(provider, sent, rows, cells.iloc[rows]))
    return made


def in_one_file(provider: str, cells: pd.DataFrame, month: np.datetime64) -> Delivery:
    """All rows of an extract in one file, delivered after this month."""
    return _delivery(provider, month, np.arange(len(cells)), cells)


def received_on(provider: str, month: np.datetime64) -> np.datetime64:
    """The day on which a month is delivered."""
    first_of_next: np.datetime64 = (month + 1).astype("M8[D]")
    return first_of_next + np.timedelta64(DELAY_DAYS[provider] - 1, "D")


def _author(rng: np.random.Generator) -> str:
    """Who made the workbooks: a name that a spreadsheet program leaves in their properties."""
    known = names("people")
    parts = (known["forenames"], known["surname_first"], known["surname_second"])
    forename, first, second = (str(rng.choice(words)) for words in parts)
    return f"{forename} {first}{second}"


def _with_duplicates(rng: np.random.Generator, rows: Ints) -> Ints:
    twice = rows[rng.random(len(rows)) < DUPLICATE_SHARE]
    return np.sort(np.append(rows, twice), kind="stable")


def _unfinished(rng: np.random.Generator, extract: Extract, rows: Ints) -> pd.DataFrame:
    """The same rows as they were first sent: some answers still missing."""
    # A row and its duplicate change alike; words with a planted identifier stay.
    chosen = rng.random(len(extract.truth)) < CORRECTED_SHARE
    chosen = (chosen & (extract.truth["planted"] == "no").to_numpy())[rows]
    cells = extract.cells.iloc[rows].copy()
    for column, blank in _UNFINISHED.items():
        cells[column] = np.where(chosen, blank, cells[column])
    return cells


def _delivery(
    provider: str, month: np.datetime64, rows: Ints, cells: pd.DataFrame, *, author: str = ""
) -> Delivery:
    titles: tuple[str, ...] = ()
    if SUFFIX.get(provider) == ".xlsx":
        titles = ("Assault attendances", f"Month: {pd.Timestamp(month):%B %Y}")
    file = f"{provider}-{month}{SUFFIX.get(provider, '.csv')}"
    if provider == "police-uk":
        file = f"{month}-wexshire-street.csv"
    return Delivery(provider, file, received_on(provider, month), rows, cells, titles, author)
