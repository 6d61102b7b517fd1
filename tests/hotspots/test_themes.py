from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest

from ed_ingest.errors import AnalysisError
from ed_ingest.schema import load_spec
from ed_ingest.settings import Method, ThemeKey
from hotspots.grid import make_grid
from hotspots.hot_spot_facts import bands_of_hot_spots
from hotspots.hot_spots import map_hot_spots
from hotspots.points import assault_points
from hotspots.themes import THEMES, ThemeRules, find_themes, of_theme
from tests.ed_ingest.contract_rows import assaults
from tests.hotspots.town import EAST, NORTH, gazetteer, spread_out

RULES = ThemeRules()
GRID = make_grid((EAST - 500, NORTH - 500, EAST + 500, NORTH + 500), cell_m=50)


def found(*changes, keys, rules=RULES):
    seen = assaults(*changes)
    points = assault_points(seen, gazetteer())
    spots = map_hot_spots(
        points,
        grid=GRID,
        bandwidth_m=200,
        eps_m=100,
        min_samples=5,
        largest_radius_m=150,
        gazetteer=gazetteer(),
    )
    themes = find_themes(seen, points, spots, keys=keys, rules=rules, grid=GRID, bandwidth_m=200)
    return themes, spots, points


def each(*changes: dict[str, object]) -> list[dict[str, object]]:
    """Assaults at one place, each with one of the changes."""
    return [
        {**row, **change} for row, change in zip(spread_out(len(changes)), changes, strict=True)
    ]


def test_settings_offer_every_theme_and_weigh_every_method():
    assert get_args(ThemeKey) == tuple(THEMES)
    assert get_args(Method) == load_spec("ed_assault").fields["assault_method"].codes


@pytest.mark.parametrize(
    ("key", "belongs", "does_not"),
    [
        ("knife", {"assault_method": "sharp_object"}, {"assault_method": "glass"}),
        ("firearm", {"assault_method": "firearm"}, {"assault_method": "unknown"}),
        ("domestic_abuse", {"domestic_abuse": "yes"}, {"domestic_abuse": "unknown"}),
        ("youth", {"age_band": "16-17"}, {"age_band": "18-24"}),
        ("alcohol", {"alcohol": "yes"}, {"alcohol": "unknown"}),
        (
            "licensed_premises",
            {"location_type": "licensed_premises"},
            {"location_type": "street"},
        ),
        ("public_space", {"location_type": "street"}, {"location_type": "own_home"}),
        ("serious", {"admitted": "yes"}, {"admitted": "unknown"}),
    ],
)
def test_what_belongs_to_a_theme(key, belongs, does_not):
    seen = assaults(*each(belongs, does_not))

    assert of_theme(seen, key, RULES).tolist() == [True, False]


def at(start: str, end: str, precision: str) -> dict[str, object]:
    return {
        "assault_from": pd.Timestamp(start),
        "assault_to": pd.Timestamp(end),
        "time_precision": precision,
    }


def test_the_night_takes_what_lies_at_least_half_in_its_window_and_nothing_without_an_hour():
    seen = assaults(
        *each(
            at("2025-06-07 18:00", "2025-06-07 18:00", "minute"),
            at("2025-06-07 17:59", "2025-06-07 17:59", "minute"),
            at("2025-06-07 17:00", "2025-06-07 20:00", "part_of_day"),
            at("2025-06-07 12:00", "2025-06-07 19:00", "part_of_day"),
            at("2025-06-07 00:00", "2025-06-07 23:59", "date"),
        )
    )

    assert of_theme(seen, "night_time_economy", RULES).tolist() == [True, False, True, False, False]


def test_no_theme_is_all_and_an_unknown_one_is_refused_in_one_sentence():
    seen = assaults(*spread_out(2))
    assert of_theme(seen, None, RULES).all()
    with pytest.raises(AnalysisError, match="Use one of: night_time_economy, knife"):
        of_theme(seen, "knives", RULES)


def test_a_theme_is_counted_and_drawn_within_the_hot_spots_of_all():
    knives = [{"assault_method": "sharp_object", "incident_id": "one"}] * 2
    others = [{"assault_method": "body_part"}] * 6
    (theme,), spots, _ = found(*each(*knives, *others), keys=["knife"])

    assert (theme.n_recorded, theme.n_mapped, theme.n_incidents) == (2, 2, 1)
    assert theme.by_hot_spot.to_dict("records") == [
        {"hotspot_id": spots.hot_spots["hotspot_id"][0], "n": 2, "n_incidents": 1}
    ]
    mass = np.nansum(theme.surface.values) * (50 / 1000) ** 2
    # One incident is no group: nothing of it is drawn.
    assert mass == 0
    assert theme.night_bands["n"].sum() == pytest.approx(2)


def test_domestic_abuse_is_counted_and_never_placed():
    (theme,), _, _ = found(*each(*[{"domestic_abuse": "yes"}] * 6), keys=["domestic_abuse"])

    assert theme.n_recorded == 6
    assert theme.surface is None
    assert theme.n_mapped == 0
    assert theme.by_hot_spot["n"].sum() == 0


def test_a_theme_that_nobody_has_is_empty_and_one_without_any_hot_spot_too():
    (theme,), _, _ = found(*spread_out(6), keys=["firearm"])
    assert (theme.n_recorded, theme.n_mapped, theme.surface) == (0, 0, None)
    assert theme.by_hot_spot["n"].tolist() == [0]

    (theme,), spots, _ = found(*spread_out(2), keys=["firearm"])
    assert spots is not None
    assert theme.by_hot_spot.empty
    assert list(theme.by_hot_spot) == ["hotspot_id", "n", "n_incidents"]


def test_the_bands_of_the_hot_spots_add_up_to_their_records_with_a_known_hour():
    _, spots, points = found(*spread_out(8), keys=[])

    bands = bands_of_hot_spots(points, spots)

    assert bands["n"].sum() == pytest.approx(points["starts_at"].notna().sum())
    assert set(bands["hotspot_id"]) == set(spots.hot_spots["hotspot_id"])
    assert bands_of_hot_spots(points, None).empty
