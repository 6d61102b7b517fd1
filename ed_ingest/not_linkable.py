"""Why an assault could not be looked for in police records, in one sentence."""

from __future__ import annotations

import pandas as pd

from ed_ingest.levels import HOMES, MAPPED_LEVELS
from ed_ingest.linkable import LINKABLE_PRECISIONS, at_defaulted_place, covered


def why_not_linkable(
    assault: pd.DataFrame, crimes: pd.DataFrame, *, false_places: pd.DataFrame | None
) -> str:
    """Say why no police record could be found for an assault.

    Parameters
    ----------
    assault
        One row, contract columns.
    crimes
        The police records, contract columns.
    false_places
        As for `linkable.linkable`.

    Returns
    -------
    str
        The first reason that holds, as a sentence; empty where the assault takes part.
    """
    one = assault.iloc[0]
    points = assault[["easting", "northing"]].notna().all(axis=None)
    times = assault[["assault_from", "assault_to"]].notna().all(axis=None)
    reasons = (
        (
            one["transfer"] == "yes",
            "It is the later half of an attendance moved between departments: the first half "
            "stands for both.",
        ),
        (
            one["location_type"] in HOMES,
            "It was at a home: homes have no point, and are never compared.",
        ),
        (
            one["location_level"] not in MAPPED_LEVELS or not points,
            "Its place is not known well enough: it has no point.",
        ),
        (
            one["time_precision"] not in LINKABLE_PRECISIONS or not times,
            "Neither the day nor the time of the assault is known.",
        ),
        (
            bool(at_defaulted_place(assault, false_places).iloc[0]),
            "Its point is that of a hospital or police station, which stands in for a place that "
            "is not known.",
        ),
        (
            not covered(assault, crimes).iloc[0],
            "The police delivered no crime of its month that could be compared.",
        ),
    )
    return next((sentence for holds, sentence in reasons if holds), "")
