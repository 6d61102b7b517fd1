"""Premises that incidents name: ranked, and how few of all premises hold how many."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ed_ingest.tables import Gazetteer
from hotspots.premises import concentration_curve, rank_premises

FACTS = ("capacity", "open_hours")


def named_premises(
    points: pd.DataFrame, gazetteer: Gazetteer, facts: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Rank the gazetteer's premises by the incidents that name them.

    Parameters
    ----------
    points
        As from `points.assault_points`.
    gazetteer
        Its premises; those that no incident names tell how unusual the others are.
    facts
        ``place_id`` and, where known, ``capacity`` (persons), ``open_hours`` (a week).

    Returns
    -------
    dict
        Fields of `tables.Findings`: ``ranked_premises``, as from `premises.rank_premises`, of those
        that any incident names; ``concentration``, as from `premises.concentration_curve`, of all.
        Both None without premises.
    """
    places = gazetteer.places
    premises = places[places["kind"].eq("premises") & places["easting"].notna()]
    premises = premises[["place_id", "name", "easting", "northing"]]
    if premises.empty:
        return {"ranked_premises": None, "concentration": None}
    if facts is not None:
        premises = premises.merge(facts, on="place_id", how="left")
    named = points["place_id"].where(points["premises"].notna())
    rows = points[["incident", "easting", "northing"]].assign(place_id=named)
    # A patient who names the place speaks for the others of the incident.
    rows = rows.sort_values(["place_id", "northing", "easting"], na_position="last", kind="stable")
    ranked = rank_premises(rows.drop_duplicates("incident"), premises)
    return {
        "ranked_premises": ranked[ranked["n_named"] > 0],
        "concentration": concentration_curve(ranked["n_named"]),
    }
