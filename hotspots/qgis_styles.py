"""QGIS styles (QML) of the layers that analysts open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from hotspots.map_layers import DENSITY_COLOURS

_INK, _NAVY, _ORANGE, _GREY = (11, 12, 12), (18, 67, 109), (244, 106, 37), (110, 115, 120)
_TEAL, _PLUM = (40, 161, 151), (128, 22, 80)


class Category(NamedTuple):
    """One class of a layer: the value of the column, its name in the legend, and its symbol."""

    value: str
    label: str
    symbol: dict[str, str]


def density_style() -> str:
    """Classes 1 to 8 in the colours of the tasking map."""
    classes = [
        Category(str(number), density_label(number), _fill((red, green, blue), opacity))
        for number, (red, green, blue, opacity) in enumerate(DENSITY_COLOURS, start=1)
    ]
    return _document(_categorised("class", classes))


def hot_spots_style() -> str:
    """Outlines with rank and name; broken grey where most lie at a hospital or police station."""
    categories = [
        Category("false", "Hot spot", _outline(_NAVY, width_mm=0.9)),
        Category(
            "true", "At a hospital or police station", _outline(_GREY, width_mm=0.9, dash=True)
        ),
    ]
    return _document(
        _categorised("false_place", categories), label='"rank" || \'  \' || "name"', priority=10
    )


def police_hot_spots_style() -> str:
    """Broken orange outlines with the rank."""
    symbol = _outline(_ORANGE, width_mm=0.7, dash=True)
    return _document(_single(symbol), label="'Police ' || \"rank\"", priority=2)


def changes_style() -> str:
    """Outlines by what became of each: more thick, fewer broken, no clear change thin."""
    more, fewer = _outline(_PLUM, width_mm=0.9), _outline(_TEAL, width_mm=0.9, dash=True)
    same = _outline(_GREY, width_mm=0.4)
    categories = [
        Category("new", "New", more),
        Category("emerging", "More than before", more),
        Category("fading", "Fewer than before", fewer),
        Category("persistent", "No clear change, most months", same),
        Category("intermittent", "No clear change, some months", same),
        Category("recording_changed", "Not compared: recording changed", same),
    ]
    # Without labels: those of the hot spots lie on the same ground.
    return _document(_categorised("trend", categories))


def comparison_style() -> str:
    """Where one source sees more in proportion: hospitals filled, the police a broken outline."""
    categories = [
        Category("hospitals", "Hospitals see more", _fill(_NAVY, 0.35)),
        Category("police", "Police see more", _outline(_ORANGE, width_mm=0.7, dash=True)),
    ]
    return _document(_categorised("more", categories))


def areas_style() -> str:
    """Thin grey outlines, so that the density shows through."""
    return _document(_single(_outline(_GREY, width_mm=0.2)))


def area_summary_style() -> str:
    """A broken dark outline of each area; one that failed is filled."""
    categories = [
        Category("done", "Done", _outline(_INK, width_mm=0.6, dash=True)),
        Category("failed", "Failed", _fill(_ORANGE, 0.35)),
    ]
    return _document(_categorised("state", categories), label='"area_name"', priority=1)


def boundary_style() -> str:
    """A broken dark outline."""
    return _document(_single(_outline(_INK, width_mm=0.6, dash=True)))


def density_label(number: int) -> str:
    """Words of a density class."""
    ends = {1: "1 (lowest shown)", len(DENSITY_COLOURS): f"{len(DENSITY_COLOURS)} (highest)"}
    return ends.get(number, str(number))


def _fill(colour: tuple[int, int, int], opacity: float) -> dict[str, str]:
    return {"color": _rgba(colour, opacity), "style": "solid", "outline_style": "no"}


def _outline(
    colour: tuple[int, int, int], *, width_mm: float, dash: bool = False
) -> dict[str, str]:
    return {
        "style": "no",
        "outline_color": _rgba(colour, 1.0),
        "outline_style": "dash" if dash else "solid",
        "outline_width": f"{width_mm:g}",
        "outline_width_unit": "MM",
    }


def _rgba(colour: tuple[int, int, int], opacity: float) -> str:
    return ",".join(str(part) for part in (*colour, round(255 * opacity)))


def _single(symbol: dict[str, str]) -> str:
    return (
        '<renderer-v2 type="singleSymbol" symbollevels="0" forceraster="0" enableorderby="0">'
        f"<symbols>{_symbol(0, symbol)}</symbols></renderer-v2>"
    )


def _categorised(column: str, categories: Sequence[Category]) -> str:
    listed = "".join(
        f"<category value={quoteattr(category.value)} label={quoteattr(category.label)}"
        f' symbol="{number}" render="true"/>'
        for number, category in enumerate(categories)
    )
    symbols = "".join(_symbol(number, c.symbol) for number, c in enumerate(categories))
    return (
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(column)} symbollevels="0"'
        f' forceraster="0" enableorderby="0"><categories>{listed}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
    )


def _symbol(number: int, properties: dict[str, str]) -> str:
    # QGIS up to 3.20 reads `prop`, later ones `Option`.
    options = "".join(
        f'<Option name={quoteattr(name)} value={quoteattr(value)} type="QString"/>'
        for name, value in properties.items()
    )
    old = "".join(f"<prop k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in properties.items())
    return (
        f'<symbol type="fill" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="SimpleFill" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{options}</Option>{old}</layer></symbol>'
    )


def _document(renderer: str, *, label: str = "", priority: int = 5) -> str:
    labels = _labels(label, priority) if label else ""
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.28.0" styleCategories="Symbology|Labeling"'
        f' labelsEnabled="{int(bool(label))}">{renderer}{labels}'
        "<blendMode>0</blendMode><layerGeometryType>2</layerGeometryType></qgis>"
    )


def _labels(expression: str, priority: int) -> str:
    """Dark words with a white halo, over the polygon; where two collide the higher one stays."""
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName={quoteattr(expression)} isExpression="1" fontSize="9"'
        ' fontSizeUnit="Point" fontWeight="75" namedStyle="Bold"'
        f' textColor="{_rgba(_INK, 1.0)}" textOpacity="1">'
        '<text-buffer bufferDraw="1" bufferSize="1" bufferSizeUnits="MM"'
        ' bufferColor="255,255,255,255" bufferOpacity="1"/></text-style>'
        f'<placement placement="1" priority="{priority}"/>'
        '<rendering drawLabels="1" obstacle="0"/>'
        "</settings></labeling>"
    )
