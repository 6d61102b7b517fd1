"""The tasking brief as PDF: two pages A4 for the meeting, tagged, the same for the same data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from hotspots.brief_words import brief_of
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.map_layers import DENSITY_COLOURS
from hotspots.map_picture import map_picture
from hotspots.publishable import Publishable
from hotspots.typesetting import typeset
from hotspots.words import MOST_HOT_SPOTS

# Of the first page, in mm: the map, and a line to fill in.
MAP_MM = (146.0, 98.0)
ACTION_HEIGHT_MM = 5.0


def write_brief(
    publishable: Publishable, completeness: PublishableCompleteness, path: Path
) -> None:
    """Write the tasking brief as PDF/UA-1.

    Parameters
    ----------
    publishable
        Findings after gate 2. Police layers and premises are not part of it.
    completeness
        Of the same partnership and month, after gate 2.
    path
        File to write; its folder is made. Equal findings give equal bytes.
    """
    hot_spots = publishable.hot_spots.sort_values("rank").head(MOST_HOT_SPOTS)
    width, height = MAP_MM
    picture = map_picture(publishable, hot_spots, width_mm=width, height_mm=height)
    data = {
        **asdict(brief_of(publishable, completeness)),
        "wide": True,
        "map": "" if picture is None else picture.svg,
        "map_width": width,
        "action_height": ACTION_HEIGHT_MM,
        "has_density": publishable.density is not None,
        "colours": [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue, _ in DENSITY_COLOURS],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(typeset("brief.typ", data=data, dated=publishable.period_to))
