"""What a period is compared with: months before, the police's own records, what a map foretold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ed_ingest.tables import Gazetteer
from hotspots.beside_police import beside_police
from hotspots.changed import Draw, what_changed
from hotspots.delivered_months import delivered_months
from hotspots.foretold import how_well_foretold
from hotspots.police import Violence


def comparisons(
    attendances: pd.DataFrame,
    seen: pd.DataFrame,
    crimes: pd.DataFrame,
    police: Violence,
    batches: pd.DataFrame | None,
    *,
    period_to: date,
    months: int,
    change_months: int,
    gazetteer: Gazetteer,
    draw: Draw,
    bandwidth_m: float,
) -> dict[str, Any]:
    """Compare a period in every way that `tables.Findings` tells; only months delivered whole.

    Parameters
    ----------
    attendances
        At emergency departments at any time, contract columns, a transferred patient once.
    seen
        Those of the period.
    crimes
        All police records, contract columns.
    police
        Those of the period, as from `police.comparable_violence`.
    batches
        The deliveries, as for `delivered_months.delivered_months`.
    period_to
        Last night.
    months
        Calendar months of a map.
    change_months
        Length of the two periods of `changed.what_changed`.
    gazetteer, draw, bandwidth_m
        As for `changed.what_changed` and `beside_police.beside_police`.

    Returns
    -------
    dict
        ``change, change_note, comparison, evaluation`` of `tables.Findings`.
    """
    came = attendances["arrived_at"].fillna(attendances["assault_from"])
    delivered = delivered_months(attendances["provider"], came, batches)
    committed = crimes["committed_from"].fillna(crimes["committed_to"])
    police_delivered = delivered_months(crimes["provider"], committed, batches)
    change, note = what_changed(
        attendances, delivered, period_to, months=change_months, gazetteer=gazetteer, draw=draw
    )
    return {
        "change": change,
        "change_note": note,
        "comparison": beside_police(
            seen,
            police,
            delivered,
            police_delivered,
            gazetteer=gazetteer,
            draw=draw,
            bandwidth_m=bandwidth_m,
        ),
        "evaluation": how_well_foretold(
            attendances, period_to, months=months, gazetteer=gazetteer, bandwidth_m=bandwidth_m
        ),
    }
