"""The tasking map in a real browser that has no network."""

from __future__ import annotations

import re
import shutil
import subprocess

import geopandas as gpd
import pandas as pd
import pytest

from hotspots.maps import write_tasking_map
from hotspots.pages import write_index
from tests.hotspots import builders

HOSTILE = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    "${alert(3)}{{constructor.constructor('alert(4)')()}}\"'`"
)
SIZES = [(1280, 720), (1920, 1080), (390, 844)]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "tasking-map.html"
    write_tasking_map(builders.publishable(), path)
    return path


def shown(page) -> dict:
    """Where the map looks."""
    return page.evaluate(
        "({zoom: map_tasking.getZoom(), lat: map_tasking.getCenter().lat,"
        " lng: map_tasking.getCenter().lng})"
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_map_is_ready_without_a_network_or_a_complaint(visit, file, width, height):
    seen = visit(file, width=width, height=height).ready()

    assert seen.faults() == []
    assert seen.page.locator(".marker").count() == 7
    assert seen.page.locator("img.leaflet-image-layer").count() == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_runs_off_the_side_and_no_rule_of_wcag_is_broken(visit, file, width, height):
    seen = visit(file, width=width, height=height).ready()

    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.violations() == []


def test_hostile_text_is_shown_and_never_run(visit, tmp_path):
    path = tmp_path / "hostile.html"
    spots = builders.hot_spots()
    write_tasking_map(
        builders.publishable(
            partnership=HOSTILE,
            marking=HOSTILE,
            hot_spots=spots.assign(name=HOSTILE, peak=HOSTILE),
            basemap=builders.basemap().assign(name="<b>&amp;</b>"),
            areas=builders.areas().assign(name=HOSTILE, code=HOSTILE),
            caveats=(HOSTILE,),
            withheld=(HOSTILE,),
        ),
        path,
    )
    seen = visit(path).ready()
    seen.page.get_by_role("button", name=HOSTILE).first.click()
    seen.page.locator("#layer-areas").check()
    seen.page.locator(".marker").first.hover()

    assert seen.faults() == []
    assert seen.page.locator("img[src=x]").count() == 0
    assert seen.page.locator("h1").text_content() == (
        f"Assaults treated in A&E: hot spots, {HOSTILE}"
    )
    assert HOSTILE in seen.page.locator("#status").text_content()
    seen.page.locator("#show-all").click()
    assert seen.page.locator(".map-label.road").first.text_content() == "<b>&amp;</b>"


def test_a_script_that_gets_in_is_refused_by_the_policy(visit, file, tmp_path):
    path = tmp_path / "tampered.html"
    page = file.read_text(encoding="utf-8")
    path.write_text(page.replace("</main>", "<script>window.ran = 1</script></main>"), "utf-8")
    seen = visit(path).ready()

    assert seen.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in message for message in seen.messages)


def test_a_row_of_the_table_takes_the_map_to_its_hot_spot_by_keyboard(visit, file):
    page = visit(file).ready().page
    home = shown(page)
    button = page.get_by_role("button", name="Quay Parade (Quay Bar)", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    there = shown(page)
    spot = builders.hot_spots().to_crs(4326).geometry.iloc[2].centroid

    assert there["zoom"] > home["zoom"]
    assert (there["lat"], there["lng"]) == pytest.approx((spot.y, spot.x), abs=0.001)
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("#status").text_content() == (
        "The map shows hot spot 3, Quay Parade (Quay Bar)."
    )
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == pytest.approx(home, abs=1e-6)
    assert button.get_attribute("aria-pressed") == "false"


def test_a_marker_marks_its_row(visit, file):
    page = visit(file).ready().page
    page.get_by_role("button", name="5. Newport Road").click()

    assert page.locator("tr.chosen").get_attribute("data-rank") == "5"


def test_what_has_focus_is_seen_to_have_it(visit, file):
    page = visit(file).ready().page
    page.get_by_role("button", name="Newport Road", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")

    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


@pytest.mark.parametrize(
    ("name", "selector"),
    [
        ("hot_spots", ".marker"),
        ("density", "img.leaflet-image-layer"),
        ("base", ".map-label.road"),
    ],
)
def test_a_tick_takes_its_layer_off_and_puts_it_back(visit, file, name, selector):
    page = visit(file).ready().page
    before = page.locator(selector).count()
    page.locator(f"#layer-{name}").uncheck()
    off = page.locator(selector).count()
    page.locator(f"#layer-{name}").check()

    assert before > 0
    assert off == 0
    assert page.locator(selector).count() == before


def test_small_areas_are_off_at_first_and_show_their_figures(visit, file):
    page = visit(file).ready().page
    assert page.locator(".map-label.area").count() == 0
    page.locator("#layer-areas").check()

    texts = page.locator(".map-label.area").all_text_contents()
    assert texts
    assert all(re.fullmatch(r"\d+|\[c\]", text) for text in texts)


def test_names_on_the_map_do_not_run_into_each_other_or_the_markers(visit, file):
    page = visit(file, width=1920, height=1080).ready().page
    boxes = [label.bounding_box() for label in page.locator(".map-label, .marker").all()]
    middles = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]
    gaps = [
        max(abs(x1 - x2), abs(y1 - y2))
        for i, (x1, y1) in enumerate(middles)
        for x2, y2 in middles[:i]
    ]

    # Letters are about 12 pixels high: nothing stands on the middle of anything else.
    assert len(boxes) > 12
    assert min(gaps) > 10


def test_canvas_is_in_the_lowest_pane_alone(visit, file):
    # Chrome prints white over whatever lies under a canvas.
    page = visit(file).ready().page
    levels = page.evaluate(
        "[...document.querySelectorAll('.leaflet-pane canvas')]"
        ".map(c => c.closest('.leaflet-pane').className)"
    )

    assert levels == ["leaflet-pane leaflet-base-pane"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_prints_on_one_sheet_of_a4_with_every_caveat_and_comes_back(
    visit, file, tmp_path, width, height
):
    page = visit(file, width=width, height=height).ready().page
    before = shown(page)
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    info = subprocess.run(
        ["pdfinfo", tmp_path / "map.pdf"], capture_output=True, text=True, check=True
    ).stdout
    text = subprocess.run(
        ["pdftotext", tmp_path / "map.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout

    assert re.search(r"Pages:\s+1\n", info)
    assert re.search(r"Page size:\s+841\.\d+ x 59[45]", info)
    assert text.count("OFFICIAL–SENSITIVE") == 2
    assert "Contains OS data" in text
    assert "Quay Parade" in text
    assert shown(page) == pytest.approx(before, abs=1e-6)


def test_the_map_is_fitted_to_the_paper_before_it_prints(visit, file):
    page = visit(file, width=390, height=844).ready().page
    page.get_by_role("button", name="Newport Road", exact=True).click()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    fitted = page.evaluate(
        "(() => { const home = JSON.parse(document.getElementById('page-data').textContent).home;"
        " return map_tasking.getBounds().pad(0.01).contains(home); })()"
    )
    width = page.locator("#map_tasking").bounding_box()["width"]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert fitted
    # 160 mm at 96 pixels an inch, less the two rules beside it.
    assert width == pytest.approx(160 / 25.4 * 96, abs=4)
    assert page.locator("html.printing").count() == 0


def test_an_empty_map_stands_and_says_that_it_is_empty(visit, tmp_path):
    path = tmp_path / "empty.html"
    write_tasking_map(
        builders.publishable(
            hot_spots=builders.no_hot_spots(),
            density=None,
            night_bands=builders.night_bands().iloc[:0],
            areas=builders.areas().iloc[:0],
            basemap=builders.basemap().iloc[:0],
            boundary=None,
            share_not_found=None,
        ),
        path,
    )
    seen = visit(path).ready()

    assert seen.faults() == []
    assert "No hot spot to show" in seen.page.locator(".empty").inner_text()
    assert seen.violations() == []


def test_tables_are_whole_where_scripts_are_off(visit, file):
    page = visit(file, java_script_enabled=False).page

    assert page.locator("noscript p").is_visible()
    assert page.get_by_role("row").count() == 1 + 7 + 1 + 7


@pytest.mark.parametrize("width", [1280, 390])
def test_the_front_page_breaks_no_rule(visit, tmp_path, width):
    path = tmp_path / "index.html"
    write_index(
        path,
        title="Violence seen by hospitals: Marford",
        marking="OFFICIAL–SENSITIVE",
        period_words="Nov 2025 – Oct 2026",
        entries=[("tasking/tasking-map.html", "Tasking map", "Where and when.")],
        caveats=["The place is as the patient told it."],
    )
    seen = visit(path, width=width, height=844)

    assert seen.faults() == []
    assert seen.violations() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def choices(tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "tasking-map.html"
    write_tasking_map(builders.with_choices(), path)
    return path


def counts(page) -> list[str]:
    return page.locator(".hot-spots .count").all_text_contents()


def test_a_theme_shows_its_own_figures_and_all_assaults_come_back(visit, choices):
    page = visit(choices).ready().page
    before = page.content()

    page.select_option("#choice-theme", label="Knife or sharp object")
    assert counts(page) == ["25", "–", "–", "–", "–", "–", "–"]
    assert set(page.locator(".heat td").all_text_contents()) == {"5"}
    words = "Knife or sharp object: 60 assaults, 45 of them on the map."
    assert page.locator("#choice-words").inner_text() == words
    assert page.locator("#choice-night").is_disabled()

    page.select_option("#choice-theme", label="All assaults")
    assert counts(page)[:2] == ["370", "120"]
    assert page.locator(".interval").first.is_visible()
    assert re.sub(r' (style|aria-valuetext)="[^"]*"', "", page.content()).count("370") == re.sub(
        r' (style|aria-valuetext)="[^"]*"', "", before
    ).count("370")


def test_a_theme_with_too_few_records_says_so_and_draws_nothing(visit, choices):
    page = visit(choices).ready().page

    page.select_option("#choice-theme", label="Firearm")

    assert page.locator("#choice-words").inner_text() == "Firearm: Too few records to show."
    opacity = "getComputedStyle(document.querySelector('img.leaflet-image-layer')).opacity"
    assert page.evaluate(opacity) == "0"
    assert set(counts(page)) == {"–"}


def test_the_sliders_keep_the_hot_spots_that_are_busy_then(visit, choices):
    seen = visit(choices).ready()
    page = seen.page

    page.locator("#choice-night").fill("6")
    assert page.locator("#choice-night-value").inner_text() == "Sat"
    assert page.locator("tr.quiet-spot").count() == 5
    assert page.locator("td.picked").count() == 8
    assert counts(page)[0] == "370"  # several bands are not one figure

    page.locator("#choice-band").fill("7")
    assert page.locator("#choice-words").inner_text() == (
        "Sat night, 00–03 (Sun): 1 of 7 hot spots hold enough assaults then to tell."
    )
    assert counts(page) == ["80", "–", "–", "–", "–", "–", "–"]
    assert page.locator("td.picked").count() == 1
    assert seen.violations() == []
    assert seen.faults() == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_whatever_is_chosen_breaks_no_rule_of_wcag(visit, choices, width, height):
    seen = visit(choices, width=width, height=height).ready()
    seen.page.select_option("#choice-theme", label="Knife or sharp object")
    broken = seen.violations()
    seen.page.select_option("#choice-theme", label="All assaults")
    seen.page.locator("#choice-night").fill("6")
    seen.page.locator("#choice-band").fill("7")
    for layer in seen.page.locator(".layer input").all():
        layer.check()

    assert broken + seen.violations() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.faults() == []


def test_premises_are_in_the_page_only_where_they_may_be_named(visit, choices, tmp_path):
    assert visit(choices).ready().page.locator("#layer-premises").count() == 0

    named = pd.DataFrame(
        {
            "place_id": ["P1"],
            "name": ["The Anchor"],
            "n": [40],
            "easting": [builders.EAST],
            "northing": [builders.NORTH],
        }
    )
    write_tasking_map(builders.publishable(premises=named), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").ready().page
    page.check("#layer-premises")
    assert page.locator(".premises").count() == 1


def test_where_one_source_sees_more_is_a_layer_of_its_own(visit, tmp_path):
    spot = builders.hot_spots().geometry.iloc[:1].to_list()
    contours = gpd.GeoDataFrame({"more": ["hospitals"]}, geometry=spot, crs=builders.CRS)
    write_tasking_map(builders.publishable(comparison=contours), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").ready().page

    lines = page.locator('path[stroke="#801650"][stroke-dasharray="9 4"]')
    assert lines.count() == 0
    page.check("#layer-contours")
    assert lines.count() == 1
