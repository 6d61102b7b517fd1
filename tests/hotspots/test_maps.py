"""The tasking map as a file; what a browser makes of it is in tests/browser."""

from __future__ import annotations

import dataclasses
import json
import re

import geopandas as gpd
import pandas as pd
import pytest

from hotspots.maps import MOST_HOT_SPOTS, write_tasking_map
from tests.hotspots import builders

HOSTILE = "<img src=x onerror=alert(1)></script>${alert(1)}{{ 7 * 7 }}`'\""


def page(tmp_path, **changes) -> str:
    path = tmp_path / "tasking-map.html"
    write_tasking_map(builders.publishable(**changes), path)
    return path.read_text(encoding="utf-8")


def scripts(text: str) -> list[str]:
    """Leaflet, the map's layers, the labels, the page's own."""
    return re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)


def island(text: str) -> dict:
    return json.loads(re.search(r'id="page-data">(.*?)</script>', text, flags=re.DOTALL)[1])


def row_of(text: str, rank: int) -> list[str]:
    """Cells of the hot spots' table, as text."""
    (row,) = re.findall(rf'<tr data-rank="{rank}">(.*?)</tr>', text, flags=re.DOTALL)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, flags=re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", "", cell).split()) for cell in cells]


def test_the_page_says_where_when_and_how_sure(tmp_path):
    text = page(tmp_path)

    assert "Assaults treated in A&amp;E: hot spots, Marford" in text
    assert "Nov 2025 – Oct 2026 · 1,335 of 1,610 assaults mapped (83%)" in text
    assert row_of(text, 1) == [
        "1", "Castle Street (The Anchor)", "370 330–410", "Sat night, 00–03 (Sun)",
        "no clear change", "62%",
    ]  # fmt: skip
    assert row_of(text, 7)[-1] == "not known"
    assert "<strong>59% (54–63%)</strong>" in text
    assert "(18:00–06:00): <strong>64%</strong>" in text
    assert text.count("OFFICIAL–SENSITIVE") == 2
    for caveat in builders.CAVEATS:
        assert caveat in text


def test_the_page_asks_for_nothing_outside_itself(tmp_path):
    text = page(tmp_path)
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL))

    assert not re.search(r"<(link|script|img|iframe)[^>]*(src|href)=[\"'](?!data:)", text)
    assert not re.search(r"url\((?![\"']?(data:|#))", styles)
    assert "sourceMappingURL" not in text
    assert len(text.encode("utf-8")) < 1_500_000


def test_the_same_findings_give_the_same_bytes(tmp_path):
    assert page(tmp_path) == page(tmp_path)


def test_text_from_data_reaches_neither_markup_nor_any_script(tmp_path):
    hot_spots = builders.hot_spots().assign(name=HOSTILE, peak=HOSTILE, hotspot_id=HOSTILE)
    basemap = builders.basemap().assign(name=HOSTILE)
    areas = builders.areas().assign(name=HOSTILE, code=HOSTILE)
    text = page(
        tmp_path,
        partnership=HOSTILE,
        marking=HOSTILE,
        hot_spots=hot_spots,
        basemap=basemap,
        areas=areas,
        caveats=(HOSTILE,),
        withheld=(HOSTILE,),
        providers=builders.publishable().providers.assign(name=HOSTILE),
    )

    assert len(scripts(text)) == 5
    assert not any("alert(1)" in script for script in scripts(text))
    assert "<img src=x" not in text
    assert "49" not in re.search(r"<title>(.*?)</title>", text)[1]
    assert island(text)["hot_spots"][0]["name"] == HOSTILE


def test_police_layers_and_ranked_premises_are_not_in_this_page(tmp_path):
    police = builders.hot_spots().assign(name="Police-only lane")
    premises = pd.DataFrame(
        {"place_id": ["p1"], "name": ["The Anchor"], "n": [25], "easting": [1.0], "northing": [1.0]}
    )
    text = page(
        tmp_path,
        police_hot_spots=police,
        police_density=builders.density(),
        police_note="Police figures include homes.",
        ranked_premises=premises,
        areas=builders.areas().assign(n_police=985_211.0),
    )

    assert text == page(tmp_path)


def test_an_empty_map_says_so(tmp_path):
    text = page(
        tmp_path,
        hot_spots=builders.no_hot_spots(),
        density=None,
        night_bands=builders.night_bands().iloc[:0],
        areas=builders.areas().iloc[:0],
        basemap=builders.basemap().iloc[:0],
        boundary=None,
        share_not_found=None,
        share_mapped=None,
        share_night_time_economy=None,
    )

    assert "No hot spot to show" in text
    assert "No density to show" in text
    assert "No figures by night and time can be shown" in text
    assert "No share can be given for this period" in text
    assert "image_overlay" not in scripts(text)[1]
    # Nothing to look at: Great Britain.
    assert island(text)["home"] == [[49.9, -8.2], [60.9, 1.8]]


def test_a_suppressed_hot_spot_and_cell_read_as_held_back(tmp_path):
    hot_spots = builders.hot_spots()
    hot_spots.loc[0, ["n", "n_low", "n_high"]] = pd.NA
    text = page(tmp_path, hot_spots=hot_spots)

    assert row_of(text, 1)[2] == "[c]"
    assert '<td class="s0">[c]</td>' in text


def test_a_sheet_holds_ten_hot_spots_and_says_where_the_rest_are(tmp_path):
    many = pd.concat([builders.hot_spots()] * 2, ignore_index=True)
    many = gpd.GeoDataFrame(many.assign(rank=range(1, 15)), crs=builders.CRS)
    text = page(tmp_path, hot_spots=many)

    assert len(re.findall("<tr data-rank", text)) == MOST_HOT_SPOTS
    assert "4 more in the analyst’s tables." in text


def test_the_first_view_holds_every_hot_spot(tmp_path):
    (south, west), (north, east) = island(page(tmp_path))["home"]
    west_m, south_m, east_m, north_m = builders.hot_spots().to_crs(4326).total_bounds

    assert (west < west_m, south < south_m, east > east_m, north > north_m) == (True,) * 4


@pytest.mark.parametrize("field", ["n_recorded", "n_mapped"])
def test_totals_are_shown_as_published(tmp_path, field):
    changed = dataclasses.replace(builders.publishable(), **{field: 2045})
    path = tmp_path / "map.html"
    write_tasking_map(changed, path)

    assert "2,045" in path.read_text(encoding="utf-8")


def test_premises_are_spoken_of_only_where_some_are_named(tmp_path):
    named = '<th scope="col">Street (premises)</th>'

    assert named in page(tmp_path)
    assert named not in page(tmp_path, hot_spots=builders.hot_spots().assign(place_name=None))
