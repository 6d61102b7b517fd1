"""On the screen the picture of the density lies under the points that it was made of."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import shapely

from hotspots.map_layers import to_degrees
from hotspots.maps import write_tasking_map
from hotspots.publishable import DensityClasses
from tests.hotspots import builders

CELL_M, FAR = 50.0, 599
WEST, SOUTH = builders.EAST - 14_000, builders.NORTH - 16_000
# (row, column) of cells across 30 km: of all assaults, and of a theme.
ALL = [(0, 0), (320, 280), (FAR, FAR)]
KNIFE = [(FAR, 0), (200, 350), (0, FAR)]
# Pixels from where Leaflet puts a point to the nearest pixel of class 8, and metres a pixel there.
OFF_AT = """async ([lat, lon]) => {
  const map = window.map_tasking;
  map.setView([lat, lon], 16, {animate: false});
  const image = document.querySelector('img.leaflet-image-layer');
  await image.decode();
  const size = [image.naturalWidth, image.naturalHeight];
  const canvas = Object.assign(document.createElement('canvas'), {width: size[0], height: size[1]});
  const brush = canvas.getContext('2d', {willReadFrequently: true});
  brush.drawImage(image, 0, 0);
  const box = image.getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect();
  const point = map.latLngToContainerPoint([lat, lon]);
  const metres = map.distance(
    map.containerPointToLatLng([0, point.y]), map.containerPointToLatLng([100, point.y])) / 100;
  const shown = brush.getImageData(0, 0, ...size).data;
  let least = Infinity;
  for (let i = 0; i < size[0] * size[1]; i++) {
    // Class 8 is the darkest: 1E 0B 44.
    if (shown[4 * i + 3] === 0 || shown[4 * i] > 0x40 || shown[4 * i + 1] > 0x20) continue;
    const x = box.left - frame.left + (i % size[0] + 0.5) / size[0] * box.width;
    const y = box.top - frame.top + (Math.floor(i / size[0]) + 0.5) / size[1] * box.height;
    least = Math.min(least, Math.hypot(x - point.x, y - point.y));
  }
  return least * metres;
}"""


def peaks(cells):
    """A grid of 30 km × 30 km with a cell of class 8 at each (row, column)."""
    classes = np.zeros((FAR + 1, FAR + 1), dtype=np.int8)
    classes[tuple(zip(*cells, strict=True))] = 8
    at = CELL_M * np.arange(FAR + 1)
    return DensityClasses(classes, WEST + at, SOUTH + at, CELL_M)


def degrees(cell) -> list[float]:
    row, column = cell
    point = to_degrees(shapely.Point(WEST + CELL_M * column, SOUTH + CELL_M * row))
    return [point.y, point.x]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    base = builders.with_choices(density=peaks(ALL))
    knife, firearm = base.themes
    path = tmp_path_factory.mktemp("map") / "tasking-map.html"
    themes = (dataclasses.replace(knife, density=peaks(KNIFE)), firearm)
    write_tasking_map(dataclasses.replace(base, themes=themes), path)
    return path


def test_peaks_lie_under_their_points_for_all_assaults_and_for_a_theme(visit, file):
    page = visit(file).ready().page
    allowed = 15 + CELL_M / 2
    off = [page.evaluate(OFF_AT, degrees(cell)) for cell in ALL]
    away = page.evaluate(OFF_AT, degrees(KNIFE[0]))
    page.select_option("#choice-theme", label="Knife or sharp object")
    off += [page.evaluate(OFF_AT, degrees(cell)) for cell in KNIFE]

    assert max(off) < allowed
    assert math.isfinite(away)
    assert away > 10_000
