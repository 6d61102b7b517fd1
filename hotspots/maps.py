"""The tasking map: one HTML file with a map, the tables and the caveats, for the tasking meeting.

folium writes the script that builds the layers, from shapes and ranks alone. Text from data never
reaches that script: tables are escaped by the page's template, and what the page's own script
writes on the map comes from a JSON island and is set as text (docs/decisions/0004-pages.md).
"""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.change_words import change_message, compared_words, trend_words
from hotspots.map_choices import map_choices, offered_themes
from hotspots.map_labels import road_labels, road_names
from hotspots.map_layers import (
    DENSITY_COLOURS,
    Bounds,
    Picture,
    bounds_of,
    density_picture,
    drawn_box,
    to_degrees,
)
from hotspots.map_script import map_script
from hotspots.pages import asset, render_page, write_page
from hotspots.publishable import Publishable
from hotspots.words import (
    BANDS,
    MOST_HOT_SPOTS,
    chance_words,
    count_words,
    coverage_words,
    headline,
    heat_rows,
    interval_words,
    is_missing,
    rounding_words,
    share_interval_words,
    share_words,
)

# Great Britain: what an empty map shows.
GREAT_BRITAIN: Bounds = ((49.9, -8.2), (60.9, 1.8))
ZOOM_MARGIN_M = 200.0
HOME_MARGIN_M = 200.0


def write_tasking_map(publishable: Publishable, path: Path) -> None:
    """Write the tasking map: one file that asks the network for nothing.

    Parameters
    ----------
    publishable
        Findings after gate 2. Police layers and premises are not part of this page.
    path
        File to write. The same findings give the same bytes.
    """
    hot_spots = publishable.hot_spots.sort_values("rank").head(MOST_HOT_SPOTS)
    names = road_names(publishable.basemap, wanted=list(hot_spots["name"]))
    picture = density_picture(publishable.density) if publishable.density is not None else None
    page = render_page(
        "tasking-map.html.j2",
        data=_page_data(publishable, hot_spots, picture),
        scripts=[
            _leaflet_script(),
            map_script(publishable, hot_spots, picture, names),
            asset("templates/map-labels.js"),
            asset("templates/map-choices.js"),
            asset("templates/tasking-map.js"),
        ],
        styles=[_leaflet_style(), asset("templates/tasking-map.css"), _print_style()],
        island=_island(publishable, hot_spots, names),
    )
    write_page(path, page)


def _page_data(
    publishable: Publishable, hot_spots: gpd.GeoDataFrame, picture: Picture | None
) -> dict[str, object]:
    """What the template shows, in words."""
    start, end = publishable.nte_hours
    return {
        "title": f"Assaults treated in A&E: hot spots, {publishable.partnership}",
        "subtitle": coverage_words(publishable),
        "marking": publishable.marking,
        "headline": f"{headline(publishable)} {change_message(publishable)}".strip(),
        "hot_spots": _hot_spot_rows(hot_spots),
        "name_heading": "Street (premises)" if hot_spots["place_name"].notna().any() else "Street",
        "more_hot_spots": len(publishable.hot_spots) - len(hot_spots),
        "bands": BANDS,
        "nights": heat_rows(publishable.night_bands),
        "suppressed_cells": bool(publishable.night_bands["n"].isna().any()),
        "any_timed": bool(publishable.night_bands["n"].notna().any()),
        "night_time_economy": share_words(publishable.share_night_time_economy),
        "nte_hours": f"{start:02d}:00–{end:02d}:00",
        "not_found": ""
        if is_missing(publishable.share_not_found)
        else share_interval_words(
            publishable.share_not_found,
            publishable.share_not_found_low,
            publishable.share_not_found_high,
        ),
        "chance": chance_words(publishable.chance_rate),
        "has_density": picture is not None,
        "has_areas": not publishable.areas.empty,
        "has_premises": not publishable.premises.empty,
        "has_contours": publishable.comparison is not None and not publishable.comparison.empty,
        "themes": [theme.title for theme in offered_themes(publishable)],
        "has_times": not hot_spots.empty and publishable.hot_spot_bands is not None,
        "is_compared": bool(hot_spots["trend"].notna().any()),
        "changes": _changes(publishable),
        "density_colours": [
            (f"#{r:02x}{g:02x}{b:02x}", opacity) for r, g, b, opacity in DENSITY_COLOURS
        ],
        "notes": [
            *publishable.caveats,
            rounding_words(publishable),
            *publishable.withheld,
            f"Density: assaults within {publishable.bandwidth_m:g} m, on squares of "
            f"{publishable.cell_m:g} m.",
        ],
        "providers": [
            f"{name} ({months} {'month' if months == 1 else 'months'})"
            for name, months in zip(
                publishable.providers["name"], publishable.providers["months"], strict=True
            )
        ],
    }


def _changes(publishable: Publishable) -> list[str]:
    """What was compared, or why nothing was."""
    if publishable.change is None:
        return [publishable.change_note] if publishable.change_note else []
    return [f"Compared: {compared_words(publishable.change)}"]


def _hot_spot_rows(hot_spots: gpd.GeoDataFrame) -> list[dict[str, object]]:
    return [
        {
            "rank": int(spot["rank"]),
            "name": spot["name"],
            "n": count_words(spot["n"]),
            "interval": interval_words(spot["n_low"], spot["n_high"]),
            "peak": spot["peak"] if isinstance(spot["peak"], str) else "",
            "change": trend_words(spot["trend"]),
            "not_found": share_words(spot["share_not_found"]),
        }
        for spot in pd.DataFrame(hot_spots).to_dict("records")
    ]


def _island(
    publishable: Publishable, hot_spots: gpd.GeoDataFrame, names: list[str]
) -> dict[str, object]:
    """What the page's script needs besides the layers: where to look, and text to write."""
    ranks = dict(zip(hot_spots["hotspot_id"], hot_spots["rank"].astype(int), strict=True))
    return {
        "home": _home(publishable, hot_spots),
        "choices": map_choices(publishable, ranks),
        "premises": [
            {
                "text": f"{row['name']} {count_words(row['n'])}",
                "at": _lat_lon(shapely.Point(row["easting"], row["northing"])),
            }
            for row in publishable.premises.to_dict("records")
        ],
        "hot_spots": [
            {
                "rank": int(rank),
                "name": name,
                "at": _lat_lon(_inner_point(shape)),
                "bounds": bounds_of([shape], margin_m=ZOOM_MARGIN_M),
            }
            for rank, name, shape in zip(
                hot_spots["rank"], hot_spots["name"], hot_spots.geometry, strict=True
            )
        ],
        "roads": [
            {"text": label.text, "length_m": label.length_m, "anchors": label.anchors}
            for label in road_labels(publishable.basemap, names=names)
        ],
        "areas": [
            {
                "text": count_words(n),
                "length_m": round(float(np.sqrt(shape.area))),
                "anchors": [[*_lat_lon(_inner_point(shape)), 0]],
            }
            for n, shape in zip(
                publishable.areas["n_assaults"], publishable.areas.geometry, strict=True
            )
        ],
    }


def _home(publishable: Publishable, hot_spots: gpd.GeoDataFrame) -> Bounds:
    """What the whole map shows: hot spots and density, else the area, else the base map."""
    density = publishable.density
    about = [*hot_spots.geometry, *([] if density is None else [drawn_box(density)])]
    boundary = [] if publishable.boundary is None else [publishable.boundary]
    for shapes in (about, boundary, list(publishable.areas.geometry), _all(publishable.basemap)):
        if bounds := bounds_of(shapes, margin_m=HOME_MARGIN_M):
            return bounds
    return GREAT_BRITAIN


def _leaflet_script() -> str:
    """Leaflet with its licence, without the pointer to a file that is not there."""
    licence = asset("static/leaflet/LICENSE").strip()
    code = re.sub(r"//# sourceMappingURL=\S*", "", asset("static/leaflet/leaflet.js"))
    return f"/*\n{licence}\n*/\n{code}"


def _leaflet_style() -> str:
    """Leaflet's style sheet without its pictures, which this page does not use."""
    return re.sub(r"url\(images/[^)]*\)", "none", asset("static/leaflet/leaflet.css"))


def _print_style() -> str:
    """The rules for paper, for the printer and for the moment before, when the map is fitted."""
    rules = asset("templates/tasking-map.print.css")
    return f"{rules}\n@media print {{\n{rules.replace('.printing ', '')}\n}}\n"


def _inner_point(shape: BaseGeometry) -> shapely.Point:
    """The middle of a shape, or a point surely in it where the middle is not."""
    middle = shape.centroid
    return middle if shape.covers(middle) else shape.representative_point()


def _lat_lon(point: shapely.Point) -> list[float]:
    lon, lat = shapely.get_coordinates(to_degrees(point))[0]
    return [float(lat), float(lon)]


def _all(frame: gpd.GeoDataFrame) -> list[BaseGeometry]:
    return list(frame.geometry.dropna())
