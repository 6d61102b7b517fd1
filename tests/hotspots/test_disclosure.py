from __future__ import annotations

import dataclasses
import math
import numbers

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.errors import AnalysisError
from hotspots.disclosure import disclose
from hotspots.publishable import Publishable
from tests.ed_ingest.contract_rows import assault_at, crimes
from tests.effort import few
from tests.hotspots.town import AT_ANCHOR, EAST, NORTH, QUAY, areas, findings, gazetteer, spread_out

METHODS = ["round5", "suppress_lt5"]
RAIL = {
    **AT_ANCHOR,
    "place_id": "p10",
    "place_name": "Rail Taproom",
    "easting": QUAY,
}
HOME = {"location_type": "own_home"}
CENTRE = {"cell_m": 100.0, "bandwidth_m": 200.0}


def disclosed(*changes, threshold=5, method="round5", premises_names=True, **arguments):
    found = arguments.pop("found", None) or findings(*changes, **arguments)
    return disclose(
        found,
        threshold=threshold,
        method=method,
        premises_names=premises_names,
        marking="OFFICIAL",
    )


def all_text(value: object) -> str:
    """Every word anywhere in a published object, but for the ranking that licensing alone sees."""
    if isinstance(value, Publishable):
        value = dataclasses.replace(value, ranked_premises=None, concentration=None)
        return " ".join(all_text(getattr(value, f.name)) for f in dataclasses.fields(value))
    if dataclasses.is_dataclass(value):
        return " ".join(all_text(getattr(value, f.name)) for f in dataclasses.fields(value))
    if isinstance(value, pd.DataFrame):
        return " ".join([*map(str, value.columns), *map(all_text, value.to_numpy().ravel())])
    if isinstance(value, (tuple, list)):
        return " ".join(map(all_text, value))
    if isinstance(value, np.ndarray):
        return ""
    return str(value)


def counts(published: Publishable) -> dict[str, list]:
    """Every published count, by where it stands."""
    tables = {
        f.name: getattr(published, f.name)
        for f in dataclasses.fields(published)
        if isinstance(getattr(published, f.name), pd.DataFrame)
    }
    found = {
        f"{name}.{column}": [n for n in table[column].array.tolist() if not pd.isna(n)]
        for name, table in tables.items()
        for column in table
        # Nights are the calendar's: how many there are is no one's record.
        if (column == "n" or str(column).startswith("n_")) and column != "n_nights"
    }
    return {**found, "n_recorded": [published.n_recorded], "n_mapped": [published.n_mapped]}


# Some dozens of records in two places, at home or nowhere, of several methods, nights and areas.
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(
            [{}, {}, RAIL, AT_ANCHOR, {"location_type": "own_home"}, {"easting": None}]
        ),
        st.sampled_from(["body_part", "glass", "firearm", "unknown"]),
        st.sampled_from(["W01", "W02", None]),
        st.integers(0, 6),
        st.sampled_from([None, "i1", "i2"]),
        st.sampled_from(["linked", "not_found", "not_linkable"]),
        st.sampled_from(["yes", "no", "unknown"]),
    ),
    max_size=45,
)


def rows(drawn) -> list[dict]:
    start = pd.Timestamp("2026-03-11 20:00")
    return [
        {
            **assault_at(start + pd.Timedelta(hours=7 * hours)),
            "assault_method": method,
            "lsoa": lsoa,
            "incident_id": incident,
            "link_status": status,
            "alcohol": alcohol,
            **place,
        }
        for place, method, lsoa, hours, incident, status, alcohol in drawn
    ]


@given(
    drawn=RECORDS,
    method=st.sampled_from(METHODS),
    threshold=st.sampled_from([3, 5, 10]),
    premises_names=st.booleans(),
)
@few(8, deadline=None)
def test_gate_2_lets_no_small_number_through(drawn, method, threshold, premises_names):
    found = findings(
        *rows(drawn), gazetteer=gazetteer(areas=areas()), min_samples=threshold, **CENTRE
    )
    published = disclosed(
        found=found, threshold=threshold, method=method, premises_names=premises_names
    )

    for where, shown in counts(published).items():
        assert not [n for n in shown if 1 <= n < threshold], where
        if method == "round5":
            assert not [n for n in shown if n % max(threshold, 5)], where
    if published.density is not None:
        assert found.assaults.support[published.density.classes > 0].min() >= threshold
    if not premises_names:
        text = all_text(published).casefold()
        assert "anchor" not in text
        assert "rail taproom" not in text


@given(drawn=RECORDS)
@few(5, deadline=None)
def test_in_suppress_mode_no_table_and_total_give_a_small_number_by_subtraction(drawn):
    found = findings(*rows(drawn), gazetteer=gazetteer(areas=areas()), **CENTRE)
    published = disclosed(found=found, method="suppress_lt5")
    if published.n_recorded != found.n_recorded:
        return  # fewer than five records: the total itself is rounded
    for table, column in [
        (published.methods, "n"),
        (published.location_types, "n"),
        (published.areas, "n_assaults"),
        (published.providers, "n_recorded"),
    ]:
        if (table[column].dropna() % 5).any():  # exact, not rounded instead
            left = published.n_recorded - int(table[column].sum())
            assert left == 0 or left >= 5 or table[column].isna().sum() >= 2


@given(drawn=RECORDS, method=st.sampled_from(METHODS))
@few(4, deadline=None)
def test_records_of_homes_change_nothing_that_lies_on_the_map(drawn, method):
    changes = [row for row in rows(drawn) if row.get("location_type") != "own_home"]
    homes = [{**row, "location_type": "other_home", "easting": QUAY} for row in changes]
    without, with_homes = (
        disclosed(*records, method=method, **CENTRE)
        for records in ([*changes, {}], [*changes, {}, *homes])
    )

    assert without.n_mapped == with_homes.n_mapped
    pd.testing.assert_frame_equal(without.premises, with_homes.premises)
    assert without.hot_spots.equals(with_homes.hot_spots)
    if without.density is None:
        assert with_homes.density is None
    else:
        assert np.array_equal(without.density.classes, with_homes.density.classes)


def test_hot_spots_need_the_threshold_in_incidents_and_are_ranked_anew():
    one_brawl = [{**c, "incident_id": "i1"} for c in spread_out(20, east=QUAY)]
    published = disclosed(*one_brawl, *spread_out(12))

    assert published.hot_spots["name"].tolist() == ["Castle Street"]
    assert published.hot_spots["rank"].tolist() == [1]
    assert "1 hot spot with fewer than 5 incidents is not shown." in published.withheld


def test_a_hot_spot_is_described_by_rounded_figures():
    answers = {"alcohol": "yes", "link_status": "not_found"}
    nights = [pd.Timestamp("2026-03-01") + pd.Timedelta(days=k % 31) for k in range(37)]
    rows = [{**c, **answers, "night_of": n} for c, n in zip(spread_out(37), nights, strict=True)]
    spot = disclosed(*rows).hot_spots.iloc[0]

    # 37 becomes 35; the exact interval of 35 is 24.4 to 48.7, outwards 20 to 50.
    assert (spot["n"], spot["n_low"], spot["n_high"]) == (35, 20, 50)
    assert (spot["share_alcohol"], spot["share_not_found"], spot["share_weapon"]) == (1, 1, 0)
    assert spot["peak"] == "Sat night, 21–00"


def test_a_share_of_few_answers_is_missing():
    few = [{**c, "alcohol": "yes" if i < 19 else "unknown"} for i, c in enumerate(spread_out(30))]

    assert math.isnan(disclosed(*few).hot_spots["share_alcohol"][0])


def test_a_peak_of_few_records_is_told_more_coarsely_or_not_at_all():
    days = [assault_at(pd.Timestamp(2026, 3, 2 + i, 22)) for i in range(7)]
    spread_over_nights = [{**c, **days[i % 7]} for i, c in enumerate(spread_out(14))]
    no_hour = [{**c, "time_precision": "date"} for c in spread_out(14)]

    assert disclosed(*spread_over_nights).hot_spots["peak"][0] == "all nights, 21–00"
    assert disclosed(*no_hour).hot_spots["peak"][0] == ""


def test_premises_are_named_only_where_the_agreement_allows_it():
    records = [AT_ANCHOR] * 12 + [RAIL] * 4
    allowed, forbidden = (disclosed(*records, premises_names=names) for names in (True, False))

    assert allowed.premises["name"].tolist() == ["The Anchor"]
    assert allowed.premises["n"].tolist() == [10]
    assert allowed.hot_spots["name"].tolist() == ["Castle Street (The Anchor)"]
    assert "1 of the premises with fewer than 5 incidents is not shown." in allowed.withheld
    assert forbidden.premises.empty
    assert list(forbidden.premises.columns) == list(allowed.premises.columns)
    assert forbidden.hot_spots["name"].tolist() == ["Castle Street"]
    assert "Anchor" not in all_text(forbidden)


def test_premises_that_few_incidents_name_give_no_hot_spot_its_name():
    a_few = disclosed(*[AT_ANCHOR] * 4, *spread_out(12))
    a_brawl = disclosed(*[{**AT_ANCHOR, "incident_id": "i1"}] * 9, *spread_out(12))
    lost_in_many = disclosed(*[AT_ANCHOR] * 6, *spread_out(70))

    for published in (a_few, a_brawl, lost_in_many):
        assert published.hot_spots["name"].tolist() == ["Castle Street"]


def test_a_hot_spot_that_bears_a_name_of_premises_is_shown_by_its_number():
    found = findings(*[AT_ANCHOR] * 12)
    wrong = found.assaults.hot_spots.assign(name="Castle Street and the anchor")
    broken = dataclasses.replace(
        found, assaults=dataclasses.replace(found.assaults, hot_spots=wrong)
    )

    assert disclosed(found=broken, premises_names=False).hot_spots["name"].tolist() == [
        "Hot spot 1"
    ]


def test_columns_that_the_gate_does_not_know_stay_inside():
    found = findings(*spread_out(12), gazetteer=gazetteer(areas=areas()))
    spots = found.assaults.hot_spots.assign(victims="Mair Pritchard")
    odd = dataclasses.replace(
        found,
        assaults=dataclasses.replace(found.assaults, hot_spots=spots),
        areas=found.areas.assign(odd="Mair Pritchard"),
        methods=found.methods.assign(odd="Mair Pritchard"),
        basemap=gpd.GeoDataFrame(
            {"kind": ["road", "house"], "name": ["Castle Street", "Mair Pritchard"]},
            geometry=found.areas.geometry.to_list(),
            crs="EPSG:27700",
        ),
    )

    assert "Pritchard" not in all_text(disclosed(found=odd))


def test_the_share_without_police_record_comes_from_the_model_with_its_interval():
    links = {"known_share": 0.41, "known_share_low": 0.36, "known_share_high": 0.47}
    status = [{"link_status": "linked"}] * 40 + [{"link_status": "not_found"}] * 60
    modelled = disclosed(*status, link_figures=links)
    counted = disclosed(*status)

    # 59 of 100 become 60 of 100; 53 and 64 become 55 and 65.
    shown = (modelled.share_not_found, modelled.share_not_found_low, modelled.share_not_found_high)
    assert shown == (0.6, 0.55, 0.65)
    assert counted.share_not_found == 0.6
    assert counted.share_not_found_low is None
    assert disclosed(*[{}] * 50).share_not_found is None


def test_the_page_says_how_far_to_trust_it():
    nowhere = [{"location_level": "none", "link_status": "not_found"}] * 10
    at_home = [{"location_type": "own_home", "location_level": "withheld"}] * 20
    undated = {"night_of": None, "arrived_at": None, "assault_from": None}
    published = disclosed(*spread_out(30), *nowhere, *at_home, undated)
    text = " ".join(published.caveats)

    # 30 of 60 are on the map; of the 40 that were not at a home, 30 are.
    assert (published.share_mapped, published.n_home, published.share_placed) == (0.5, 20, 0.75)
    assert "Of the assaults that were not at a home, only 75% could be placed." in text
    assert "Ratcliffe 2004" in text
    assert "“No matching police record found”" in text
    assert "The police may hold one under another place, time or offence." in text
    assert "Records without any date are in none of the figures." in text
    assert "Ratcliffe" not in " ".join(disclosed(*spread_out(30)).caveats)


def test_the_page_says_that_stray_records_are_not_drawn():
    far_away = {"easting": EAST + 500_000}
    words = "Records placed too far away to be on the map are not drawn."

    assert words in disclosed(*spread_out(30), far_away).caveats
    assert words not in disclosed(*spread_out(30)).caveats


def test_homes_told_as_one_figure_give_no_count_away_that_their_kinds_hide():
    # Eight at their own home and three at another's: rounded, 10 and 5. The eleven as one figure
    # would be 10 (8 to 12), and so the three at most 4; the sum of what is shown tells nothing new.
    own, other = [{"location_type": "own_home"}] * 8, [{"location_type": "other_home"}] * 3
    published = disclosed(*spread_out(30), *own, *other)
    hidden = disclosed(*spread_out(30), *own, *other, method="suppress_lt5")

    assert (published.n_recorded, published.n_home, published.share_placed) == (40, 15, 1.0)
    # Exact, the 3 would follow from 41 - 30 - 8.
    assert (hidden.n_recorded, hidden.n_home, hidden.share_placed) == (41, 15, 1.0)


def test_shares_on_the_map_follow_from_the_figures_beside_them():
    # Both 52 and the 48 that were not at a home round to 50: equal shares of both would tell that
    # at most 4 were at a home. That count is held back, and so is the share of the others.
    nowhere, home = {"location_level": "none"}, {"location_type": "own_home"}
    few = disclosed(*spread_out(40), *[nowhere] * 8, *[home] * 4)
    more = disclosed(*spread_out(40), *[nowhere] * 8, *[home] * 14)
    one = disclosed({}, *[nowhere] * 11)

    assert (few.n_home, few.share_mapped, few.share_placed) == (None, 0.8, None)
    # 40 of 60, and of the 45 that are left of it.
    assert (more.n_home, more.share_mapped, more.share_placed) == (15, 0.67, 0.89)
    # 1 of 12: shown as 5 of 10. A share of 0% would tell that it is 1 or 2.
    assert (one.n_mapped, one.share_mapped) == (5, 0.5)


def test_a_hot_spot_at_the_hospital_is_called_one():
    published = disclosed(*({**c, "place_name": None} for c in spread_out(12, north=NORTH + 6000)))

    assert published.hot_spots["false_place"].tolist() == [True]
    assert any("Hot spot 1: at a hospital" in caveat for caveat in published.caveats)


def test_police_uk_is_for_the_analyst_alone():
    snapped = {
        "offence_group": "violence_and_sexual",
        "location_level": "snapped",
        "time_precision": "month",
        "place_name": "On or near Castle Street",
        "committed_from": pd.Timestamp("2026-03-01"),
    }
    published = disclosed({}, crimes=crimes(*[snapped] * 13))

    assert published.police_analyst_only
    assert published.police_hot_spots["n"].tolist() == [15]
    assert published.police_note in published.analyst_notes
    assert published.police_note not in published.caveats
    assert not disclosed({}, crimes=crimes(n=13)).police_analyst_only


def test_nothing_found_is_published_as_nothing():
    published = disclosed()
    some = disclosed(*spread_out(12))

    assert (published.n_recorded, published.n_mapped, published.share_mapped) == (0, 0, None)
    assert published.density is None
    assert published.hot_spots.empty
    assert list(published.hot_spots.columns) == list(some.hot_spots.columns)
    assert all(isinstance(n, numbers.Integral) for n in (some.n_recorded, some.n_mapped))
    pd.testing.assert_series_equal(
        pd.DataFrame(published.police_hot_spots).dtypes.drop("geometry"),
        pd.DataFrame(some.hot_spots).dtypes.drop("geometry"),
    )


def test_only_counts_that_a_file_has_a_place_for_are_said_to_be_held_back():
    small = {"provider": "st-teilo", "assault_method": "glass"}
    smaller = {"provider": "st-dyfrig", "assault_method": "firearm"}
    published = disclosed(*spread_out(40), *[small] * 4, *[smaller] * 3, method="suppress_lt5")

    held_back = sum(
        int(table["n"].isna().sum())
        for table in (published.night_bands, published.methods, published.location_types)
    )

    # Counts by hospital are in no file; those by method are in methods.csv.
    assert published.providers["n_recorded"].isna().any()
    assert published.methods["n"].isna().any()
    assert f"{held_back} counts, because" in " ".join(published.withheld)


@pytest.mark.parametrize("wrong", [{"method": "as_is"}, {"threshold": 2}])
def test_rules_that_no_agreement_may_set_are_refused(wrong):
    with pytest.raises(AnalysisError, match="small_numbers"):
        disclosed({}, **wrong)
