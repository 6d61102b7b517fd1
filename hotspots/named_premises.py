"""Premises that incidents name: ranked, their nights and hours, and how few hold how many."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ed_ingest.tables import Gazetteer
from hotspots.premises import concentration_curve, count_near, rank_premises
from hotspots.timing import spread_over_bands

FACTS = ("capacity", "open_hours")
# What counts as near, metres.
RADIUS_M = 50.0


def named_premises(
    points: pd.DataFrame,
    gazetteer: Gazetteer,
    facts: pd.DataFrame | None = None,
    *,
    crimes: pd.DataFrame | None = None,
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
    crimes
        ``easting, northing`` of the force's own records of like violence; None where there are
        none, or only snapped points, which lie at no premises.

    Returns
    -------
    dict
        Fields of `tables.Findings`: ``ranked_premises``, as from `premises.rank_premises`, of those
        that any incident names, with ``n_police_near`` (crimes within `RADIUS_M`) where there are
        `crimes`; ``premises_bands``, as from `bands_of_premises`; ``concentration``, as from
        `premises.concentration_curve`, of all; ``n_premises``: of the gazetteer. None, and 0,
        without premises.
    """
    places = gazetteer.places
    premises = places[places["kind"].eq("premises") & places["easting"].notna()]
    premises = premises[["place_id", "name", "easting", "northing"]]
    if premises.empty:
        return dict.fromkeys(("ranked_premises", "premises_bands", "concentration")) | {
            "n_premises": 0
        }
    if facts is not None:
        premises = premises.merge(facts, on="place_id", how="left")
    incidents = _incidents(points)
    ranked = rank_premises(incidents, premises, radius_m=RADIUS_M)
    shown = ranked[ranked["n_named"] > 0]
    if crimes is not None:
        shown = shown.assign(n_police_near=count_near(crimes, shown, RADIUS_M))
    return {
        "ranked_premises": shown,
        "premises_bands": bands_of_premises(incidents),
        "concentration": concentration_curve(ranked["n_named"]),
        "n_premises": len(premises),
    }


def bands_of_premises(incidents: pd.DataFrame) -> pd.DataFrame:
    """Expected number of incidents of each of the premises by night of the week and time band.

    Parameters
    ----------
    incidents
        One row each: ``place_id`` (missing where none is named), ``starts_at, ends_at`` (missing
        where the hour is not known).

    Returns
    -------
    DataFrame
        ``place_id, night, band, n``: night 0 Monday .. 6 Sunday, band 0 is 06–09 .. 7 is 03–06;
        night -1: all nights of the band; band -1: all hours of the night. Rows with none are left
        out.
    """
    named = incidents[incidents["place_id"].notna()]
    spread = spread_over_bands(named["starts_at"], named["ends_at"])
    places = named["place_id"].reindex(spread["record"]).to_numpy()
    # Sorted before they are summed: the same sums for any order of the records.
    cells = spread[["night", "band", "weight"]].assign(place_id=places).sort_values("weight")
    tables = [
        cells.groupby(by, as_index=False)["weight"].sum()
        for by in (["place_id", "night"], ["place_id", "band"], ["place_id", "night", "band"])
    ]
    table = pd.concat(tables, ignore_index=True).fillna({"night": -1, "band": -1})
    table = table[table["weight"] > 0].rename(columns={"weight": "n"})
    kinds = {"place_id": "str", "night": "int64", "band": "int64"}
    # Of each of the premises its nights first, then its bands, then both together.
    ordered: pd.DataFrame = table.astype(kinds).sort_values(
        "place_id", kind="stable", ignore_index=True
    )
    return ordered.reindex(columns=["place_id", "night", "band", "n"])


def _incidents(points: pd.DataFrame) -> pd.DataFrame:
    """One row for each incident: a patient who names the place speaks for the others of it."""
    named = points["place_id"].where(points["premises"].notna())
    columns = ["incident", "easting", "northing", "starts_at", "ends_at"]
    rows = points[columns].assign(place_id=named)
    # Of those who name it, one who tells the hour.
    rows = rows.sort_values(
        ["place_id", "starts_at", "ends_at", "northing", "easting"],
        na_position="last",
        kind="stable",
    )
    return rows.drop_duplicates("incident")
