"""Plain figures of a period: how many assaults, when, how, and at what kind of place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ed_ingest.tables import Gazetteer
from hotspots.area_comparison import compare_areas
from hotspots.counts import count_areas, count_codes, count_premises, count_providers
from hotspots.points import HOMES
from hotspots.police import Violence
from hotspots.timing import (
    hour_known,
    night_band_table,
    night_time_economy,
    nights_of,
    spread_over_bands,
)


def plain_figures(
    attendances: pd.DataFrame,
    seen: pd.DataFrame,
    points: pd.DataFrame,
    police: Violence,
    gazetteer: Gazetteer,
    names: Mapping[str, str],
    nte_hours: tuple[int, int],
) -> dict[str, Any]:
    """Count the assaults of a period in every plain way that `tables.Findings` tells.

    Parameters
    ----------
    attendances
        At emergency departments at any time, contract columns, a transferred patient once.
    seen
        Those of the period.
    points
        Those with a point, as from `points.assault_points`.
    police
        As from `police.comparable_violence`.
    gazetteer
        For the small areas, the boundary and the base map.
    names
        Of the providers by their id.
    nte_hours
        First and last hour of the night-time economy.

    Returns
    -------
    dict
        Fields of `tables.Findings` by name.
    """
    timed = seen[hour_known(seen)]
    starts, ends = timed["assault_from"], timed["assault_to"]
    in_window = night_time_economy(starts, ends, start_hour=nte_hours[0], end_hour=nte_hours[1])
    return {
        "providers": count_providers(seen, names),
        "n_undated": int(nights_of(attendances).isna().sum()),
        "n_recorded": len(seen),
        "n_mapped": len(points),
        "n_home": int(seen["location_type"].isin(HOMES).sum()),
        "police_note": police.note,
        "police_is_snapped": police.is_snapped,
        "night_bands": night_band_table(spread_over_bands(starts, ends)),
        "n_timed": len(timed),
        "n_night_time_economy": float(in_window.sum()),
        "nte_hours": nte_hours,
        "methods": count_codes(seen["assault_method"]),
        "location_types": count_codes(seen["location_type"]),
        "boundary": gazetteer.boundary,
        "basemap": gazetteer.basemap,
        "areas": count_areas(gazetteer.areas, seen["lsoa"], police.crimes["lsoa"]),
        "premises": count_premises(points),
        "area_comparison": (
            compare_areas(seen, police.crimes, gazetteer) if police.is_snapped else None
        ),
    }
