"""The completeness measures as `completeness` prints them: for machines, and in short lines."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_trend import NEAR, since_when, trends
from hotspots.words import count_words, is_missing

_FIGURES = (
    "n_rows",
    "n_held_back",
    "share_complete",
    "share_mapped",
    "share_placed",
    "share_linkable",
    "partnership_passed",
    "partnership_received",
    "received_by_any",
)
_TABLES = ("providers", "months", "asks", "gains", "told", "habits", "ledger", "periods", "events")


def completeness_figures(found: PublishableCompleteness) -> dict[str, Any]:
    """All that gate 2 let through, and what follows from it, as JSON takes it."""
    return {
        **{name: getattr(found, name) for name in _FIGURES},
        "items": _records(found.items.drop(columns="title")),
        **{name: _records(getattr(found, name)) for name in _TABLES},
        "trends": _records(trends(found.history, found.events)),
        "short_since": _records(since_when(found.history, target=NEAR)),
    }


def change_lines(found: PublishableCompleteness) -> list[str]:
    """For each hospital the first change to ask for, with the rows that it adds."""
    lines = []
    for row in found.gains[found.gains["rank"].eq(1)].to_dict("records"):
        month = row["n_a_month"]
        often = "" if is_missing(month) else f", {count_words(month)} a month"
        gain = f"+{count_words(row['n_added'])} complete rows in twelve months{often}"
        lines.append(f"{row['name']}: {row['words']} ({gain}).")
    return lines


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records", date_format="iso"))
