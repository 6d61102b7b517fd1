"""Which tables the premises workbook holds, and what their columns are called."""

from __future__ import annotations

import pandas as pd

from hotspots.premises_words import (
    TRENDS,
    concentration_words,
    how_to_read,
    time_words,
    times_of,
    what_they_are,
    what_they_are_not,
)
from hotspots.publishable import Publishable
from hotspots.sheets import NOTHING, Sheet
from hotspots.words import period_words

SHORTHAND = "[c]: fewer than the threshold, or none. [z]: not known, or too few to name a time."
NOTES = {
    "not": "Named by patients; not evidence of fault. The cover says what the figures are not.",
    "apart": "The sources stand side by side and are never added up.",
    "curve": "Only the gap between the two shares tells of concentration.",
}
COLUMNS = {
    "rank": "Number",
    "name": "Premises",
    "place_id": "Place id",
    "n_named": "Incidents named in the record",
    "n_low": "Lower end, 95% interval",
    "n_high": "Upper end, 95% interval",
    "n_shrunk": "Likely number",
    "n_shrunk_low": "Likely number, lower end",
    "n_shrunk_high": "Likely number, upper end",
    "trend": "Change",
    "n_now": "Incidents, latest months",
    "n_before": "Incidents, months before",
    "peak": "Busiest night and hours",
    "nights": "Busiest nights",
    "hours": "Busiest hours",
    "n_near": "Incidents within 50 m that name none",
    "n_police_near": "Police records within 50 m",
    "per_100_capacity": "Named, per 100 capacity",
    "per_1000_open_hours": "Named, per 1,000 open hours",
    "easting": "Easting, metres",
    "northing": "Northing, metres",
}
_NOT_COUNTS = ("per_100_capacity", "per_1000_open_hours", "easting", "northing")


def premises_sheets(p: Publishable) -> list[Sheet]:
    """All sheets, the most asked for first; a table without rows is to be left out."""
    period = period_words(p.period_from, p.period_to)
    return [
        _premises(p, period),
        _times(p, period),
        _concentration(p, period),
        _coverage(p, period),
    ]


def about_premises(p: Publishable) -> list[str]:
    """The cover's headings and paragraphs."""
    return [
        "What the figures are",
        *what_they_are(p),
        "What they are not",
        *what_they_are_not(p),
        "How to read them",
        *how_to_read(p),
        "Small numbers",
        "Every count is rounded to the nearest multiple of 5, or of a higher threshold. "
        + SHORTHAND,
        "Before you use them",
        *p.caveats,
    ]


def _premises(p: Publishable, period: str) -> Sheet:
    table = pd.DataFrame() if p.ranked_premises is None else p.ranked_premises
    if table.empty:
        return Sheet("Premises", "Premises", period, pd.DataFrame(), {})
    times = pd.DataFrame([times_of(p.premises_bands, str(i)) for i in table["place_id"]])
    whole = table.reset_index(drop=True).join(times)
    told = {name: whole[name].replace("", NOTHING) for name in ("peak", "nights", "hours")}
    told |= {name: _or_nothing(whole[name]) for name in _NOT_COUNTS}
    if "trend" in whole:
        told["trend"] = whole["trend"].map(TRENDS)
    columns = {name: heading for name, heading in COLUMNS.items() if name in whole}
    title = "Premises by the incidents that name them $$not$$ $$apart$$"
    return Sheet("Premises", title, period, whole.assign(**told), columns)


def _times(p: Publishable, period: str) -> Sheet:
    columns = {"rank": "Number", "name": "Premises", "time": "Night and hours", "n": "Incidents"}
    bands, ranked = p.premises_bands, p.ranked_premises
    if bands is None or ranked is None:
        return Sheet("Nights and hours", "Nights and hours", period, pd.DataFrame(), columns)
    table = bands.merge(ranked[["place_id", "rank", "name"]], on="place_id", how="inner")
    words = [time_words(int(n), int(b)) for n, b in table[["night", "band"]].to_numpy()]
    title = "Nights and hours of the premises, where enough incidents say so $$not$$"
    return Sheet("Nights and hours", title, period, table.assign(time=words), columns)


def _concentration(p: Publishable, period: str) -> Sheet:
    columns = {
        "share_premises": "Busiest share of all premises",
        "share_incidents": "Share of the incidents",
        "share_if_equal": "Share by chance, were all alike",
    }
    table = pd.DataFrame() if p.concentration is None else p.concentration
    title = "How few premises hold how many incidents $$curve$$"
    return Sheet("Concentration", title, period, table, columns, tuple(columns))


def _coverage(p: Publishable, period: str) -> Sheet:
    listed = 0 if p.ranked_premises is None else len(p.ranked_premises)
    rows = [
        ("Assaults recorded", p.n_recorded),
        ("Assaults with a place on the map", p.n_mapped),
        ("Premises in the reference data", p.n_premises),
        ("Premises listed", listed),
        ("Fewest incidents of premises that are listed", p.threshold),
        ("Concentration", concentration_words(p) or NOTHING),
    ]
    table = pd.DataFrame(rows, columns=["what", "figure"])
    title = "What the figures rest on $$not$$"
    return Sheet("Coverage", title, period, table, {"what": "What", "figure": "Figure"})


def _or_nothing(column: pd.Series) -> pd.Series:
    return column.astype("object").where(column.notna(), NOTHING)
