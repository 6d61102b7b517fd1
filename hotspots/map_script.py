"""The script that builds the map's layers, written by folium from shapes and ranks alone.

folium puts text from data where it can run as code (popups, tooltips, icons, layer names), so no
text from data is ever handed to it: docs/decisions/0004-pages.md.
"""

from __future__ import annotations

from typing import cast

import folium
import geopandas as gpd
import shapely
from branca.element import Element
from folium.utilities import JsCode
from shapely.geometry.base import BaseGeometry

from hotspots.map_layers import Picture, base_map, to_degrees
from hotspots.publishable import Publishable

# From the bottom up. Canvas is for the lowest pane alone: Chrome prints white over whatever lies
# under a canvas.
PANES = {"base": 200, "density": 300, "areas": 350, "outlines": 400, "labels": 450}
BASE_STYLES = {
    "area": {"color": "#cfcbc1", "weight": 1, "fill": False},
    "water": {"stroke": False, "fillColor": "#cfe5f0", "fillOpacity": 1},
    "river": {"color": "#cfe5f0", "weight": 5, "fill": False},
    "road": {"color": "#d3cfc4", "weight": 1.4, "fill": False},
    "main_road": {"color": "#b4aea0", "weight": 2.8, "fill": False},
    "boundary": {"color": "#484f55", "weight": 1.6, "dashArray": "8 5", "fill": False},
}
OUTLINE_STYLE = {"color": "#0b0c0c", "weight": 2.5, "fillOpacity": 0}
CONTOUR_STYLES = {
    "hospitals": {"color": "#801650", "weight": 3, "dashArray": "9 4", "fillOpacity": 0},
    "police": {"color": "#12436d", "weight": 3, "dashArray": "2 5", "fillOpacity": 0},
}
AREA_STYLE = {"color": "#12436d", "weight": 1.4, "fillOpacity": 0}


def map_script(
    publishable: Publishable,
    hot_spots: gpd.GeoDataFrame,
    picture: Picture | None,
    names: list[str],
) -> str:
    """The script that makes the map and its layers: shapes, ranks and our own words only."""
    tasking = folium.Map(
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        max_zoom=18,
        # While a zoom is animated Leaflet drops every other move, the fit to paper among them.
        zoom_animation=False,
    )
    _named(tasking, "tasking")
    for name, level in PANES.items():
        _add(tasking, folium.map.CustomPane(name, z_index=level, pointer_events=False), name)
    _add(tasking, _base_layer(publishable, hot_spots, names), "base")
    if picture is not None:
        overlay = folium.raster_layers.ImageOverlay(
            picture.data_uri, [list(corner) for corner in picture.bounds], pane="density"
        )
        _add(tasking, overlay, "density")
    if not publishable.areas.empty:
        shapes = [to_degrees(shape) for shape in publishable.areas.geometry]
        _add(tasking, _layer(shapes, AREA_STYLE, pane="areas", show=False), "areas")
    if publishable.comparison is not None and not publishable.comparison.empty:
        _add(tasking, _contours(publishable.comparison), "contours")
    if not hot_spots.empty:
        shapes = [to_degrees(shape) for shape in hot_spots.geometry]
        _add(tasking, _layer(shapes, OUTLINE_STYLE, pane="outlines"), "outlines")
    page = cast(folium.Figure, tasking.get_root())
    page.render()  # fills the page's script, the one part of folium's page that is used
    return str(page.script.render())


def _base_layer(
    publishable: Publishable, hot_spots: gpd.GeoDataFrame, names: list[str]
) -> folium.GeoJson:
    focus = publishable.boundary if hot_spots.empty else shapely.union_all(hot_spots.geometry)
    shapes = base_map(publishable.basemap, focus=focus, main_names=names)
    if publishable.boundary is not None:
        shapes.append(("boundary", to_degrees(shapely.simplify(publishable.boundary, 5.0))))
    features = [_feature(shape, i, kind=kind) for i, (kind, shape) in enumerate(shapes)]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: BASE_STYLES[feature["properties"]["kind"]],
        interactive=False,
        pane="base",
        renderer=JsCode('L.canvas({pane: "base", padding: 0.5})'),
    )


def _contours(comparison: gpd.GeoDataFrame) -> folium.GeoJson:
    """Where one source sees more in proportion; the kind of line says which."""
    rows = zip(comparison["more"], comparison.geometry, strict=True)
    features = [_feature(to_degrees(shape), i, more=more) for i, (more, shape) in enumerate(rows)]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: CONTOUR_STYLES[feature["properties"]["more"]],
        show=False,
        interactive=False,
        pane="areas",
    )


def _layer(
    shapes: list[BaseGeometry], style: dict[str, object], *, pane: str, show: bool = True
) -> folium.GeoJson:
    features = [_feature(shape, i) for i, shape in enumerate(shapes)]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda _: style,
        show=show,
        interactive=False,
        pane=pane,
    )


def _feature(shape: BaseGeometry, number: int, **properties: str) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": str(number),
        "properties": properties,
        "geometry": shapely.geometry.mapping(shape),
    }


def _named(element: Element, name: str) -> None:
    """Give an element a name of its own: folium's are random, and the page must not be."""
    element._id = name


def _add(parent: folium.Map, element: Element, name: str) -> None:
    _named(element, name)
    parent.add_child(element)
