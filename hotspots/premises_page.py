"""The page for licensing: premises that records name, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from hotspots.brief_words import LICENCES
from hotspots.concentration_picture import concentration_view
from hotspots.map_picture import map_picture
from hotspots.pages import asset, render_page, write_page
from hotspots.premises_words import (
    NONE_STANDS_OUT,
    concentration_words,
    how_to_read,
    times_of,
    trend_words,
    what_they_are,
    what_they_are_not,
)
from hotspots.publishable import Publishable
from hotspots.words import count_words, interval_words, is_missing, period_words, rounding_words

# As many as the map can number and a meeting can read; the workbook lists all.
MOST_PREMISES = 25
MAP_MM = (250.0, 120.0)
# Radius of the ring about the point of the premises, metres.
RING_M = 20.0
NOT_AT_HAND = "–"


def write_premises_page(publishable: Publishable, path: Path) -> None:
    """Write premises.html: one file without any script, for analysts and licensing alone.

    Parameters
    ----------
    publishable
        What gate 2 let through.
    path
        File to write; its folder is made.
    """
    page = render_page(
        "premises.html.j2", data=_view(publishable), styles=[asset("templates/premises.css")]
    )
    write_page(path, page)


def empty_words(publishable: Publishable) -> str:
    """Why no premises are listed, and what to do; empty where some are."""
    if not publishable.n_premises:
        return (
            "There are no premises in the reference data, so none can be found in the records. "
            "Put the Food Standards Agency’s file for your authority into the reference folder, "
            "or your licensing register as places.csv with the kind “premises”, and analyse again."
        )
    ranked = publishable.ranked_premises
    if ranked is None or ranked.empty:
        return (
            f"None of the {publishable.n_premises:,} premises in the reference data was named in "
            f"at least {publishable.threshold} incidents. Nothing is listed."
        )
    return ""


def _view(p: Publishable) -> dict[str, object]:
    ranked = pd.DataFrame() if p.ranked_premises is None else p.ranked_premises
    first = ranked.head(MOST_PREMISES)
    period = period_words(p.period_from, p.period_to)
    theme = f" · {p.theme}" if p.theme else ""
    return {
        "title": f"Premises named in hospital records: {p.partnership}",
        "subtitle": f"{period}{theme}",
        "marking": p.marking,
        "empty": empty_words(p),
        "are": what_they_are(p),
        "are_not": what_they_are_not(p),
        "how": how_to_read(p),
        "figures": _figures(p, ranked),
        "rows": [_row(p, row) for _, row in first.iterrows()],
        "has_shrunk": "n_shrunk" in first,
        "has_police": "n_police_near" in first,
        "has_rates": any(
            name in first and bool(first[name].notna().any())
            for name in ("per_100_capacity", "per_1000_open_hours")
        ),
        "n_more": len(ranked) - len(first),
        "map": _map(p, first),
        "concentration": concentration_words(p),
        "curve": concentration_view(p.concentration),
        "rounding": rounding_words(p),
        "threshold": p.threshold,
        "caveats": (*p.caveats, LICENCES.format(year=p.period_to.year)),
    }


def _figures(p: Publishable, ranked: pd.DataFrame) -> list[dict[str, str]]:
    if ranked.empty:
        return []
    figures = [
        {
            "figure": f"{len(ranked):,}",
            "words": f"premises named in {p.threshold} incidents or more, of {p.n_premises:,} in "
            "the reference data",
        },
    ]
    if "trend" in ranked:
        up, down = (int(ranked["trend"].eq(word).sum()) for word in ("up", "down"))
        figures.append(
            {
                "figure": f"{up} up, {down} down" if up or down else "No clear change",
                "words": "beyond what chance and the calendar explain",
            }
        )
    return figures


def _row(p: Publishable, row: pd.Series) -> dict[str, str]:
    times = times_of(p.premises_bands, str(row["place_id"]))
    return {
        "rank": str(row["rank"]),
        "name": str(row["name"]),
        "n": count_words(row["n_named"]),
        "interval": interval_words(row["n_low"], row["n_high"]),
        "shrunk": _figure(row, "n_shrunk"),
        "shrunk_interval": interval_words(row.get("n_shrunk_low"), row.get("n_shrunk_high")),
        "trend": trend_words(row.get("trend")),
        "counts": _counts(row),
        "nights": times["nights"] or NONE_STANDS_OUT,
        "hours": times["hours"] or NONE_STANDS_OUT,
        "peak": times["peak"],
        "near": count_words(row["n_near"]),
        "police": _figure(row, "n_police_near"),
        "capacity": _rate(row["per_100_capacity"]),
        "open_hours": _rate(row["per_1000_open_hours"]),
    }


def _figure(row: pd.Series, name: str) -> str:
    return count_words(row[name]) if name in row else NOT_AT_HAND


def _rate(value: float) -> str:
    return "not known" if is_missing(value) else f"{value:,.1f}"


def _counts(row: pd.Series) -> str:
    """Incidents of both periods; empty where neither can be told."""
    now, before = row.get("n_now"), row.get("n_before")
    if is_missing(now) and is_missing(before):
        return ""
    return f"{count_words(now)}, before {count_words(before)}"


def _map(p: Publishable, first: pd.DataFrame) -> Markup | None:
    """The premises with their numbers over streets alone; None without any."""
    if first.empty:
        return None
    rings = gpd.GeoDataFrame(
        {"rank": first["rank"], "name": "", "false_place": False},
        geometry=gpd.points_from_xy(first["easting"], first["northing"]).buffer(RING_M),
        crs="EPSG:27700",
    )
    picture = map_picture(replace(p, density=None), rings, width_mm=MAP_MM[0], height_mm=MAP_MM[1])
    if picture is None:
        return None
    named = '<svg role="img" aria-labelledby="map-title" '
    # Names of roads are escaped where the picture is made; all else in it is our own.
    return Markup(picture.svg.replace("<svg ", named, 1))  # noqa: S704
