from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson, spearmanr

from hotspots.area_comparison import compare_areas, non_residential, rank_areas
from hotspots.area_totals import totals_of, totals_words
from hotspots.disclosure import disclose
from hotspots.published_comparison import NO_PREMISES, WHAT_IT_IS, publish_comparison
from hotspots.small_numbers import Rules, round_count
from tests.ed_ingest.contract_rows import assaults, crimes
from tests.hotspots.test_police import POLICE_UK
from tests.hotspots.town import EAST, NORTH, areas, findings, gazetteer

RULES = Rules(5, "round5", 1000, premises_names=False)
COUNTS = st.integers(0, 300)


def counts(*pairs):
    table = pd.DataFrame(pairs, columns=["n_assaults", "n_police"])
    codes = [f"W{n:02d}" for n in range(len(table))]
    return table.assign(code=codes, name=[f"Marford {code}" for code in codes])


def pubs(n, *, east, kind="premises"):
    return [(f"{kind}{east}{i}", f"Pub {i}", "", kind, east + i, NORTH, "") for i in range(n)]


def town(*, west=12, east=1, population=1500):
    """Two areas of equal size, with so many premises each."""
    places = [*pubs(west, east=EAST), *pubs(east, east=EAST + 2000)]
    return gazetteer(places, areas=areas().assign(population=population))


def test_an_area_is_of_business_where_premises_are_twice_as_thick():
    # 13 premises on 3,000 people: 6.5 would be the share of each area, twice of it 13.
    assert non_residential(town(west=13, east=0)).tolist() == [True, False]
    assert non_residential(town(west=12, east=1)).tolist() == [False, False]


def test_a_few_premises_make_no_town_centre():
    assert non_residential(town(west=4, east=0)).tolist() == [False, False]
    assert non_residential(town(west=5, east=0)).tolist() == [True, False]


def test_without_population_the_ground_counts():
    # The western area is 2,500 m wide, the eastern as well: as thick per km² as per person.
    assert non_residential(town(west=13, east=0, population=np.nan)).tolist() == [True, False]


def test_schools_and_hospitals_make_no_business():
    places = pubs(20, east=EAST, kind="education")
    assert not non_residential(gazetteer(places, areas=areas())).any()


def test_assaults_at_homes_and_at_false_places_are_not_counted():
    places = [
        *pubs(13, east=EAST),
        ("h", "Marford Hospital", "", "health", EAST + 100, NORTH, ""),
    ]
    at_hospital = {"location_level": "coordinates", "easting": EAST + 100.0, "northing": NORTH}
    rows = assaults(
        {"lsoa": "W01", "location_type": "street"},
        {"lsoa": "W01", "location_type": "own_home", "location_level": "withheld"},
        {"lsoa": "W01", "location_type": "unknown", "location_text": "", **at_hospital},
        {"lsoa": "W02", "location_type": "street"},
    )
    violence = crimes(
        *[{**POLICE_UK, "lsoa": "W01"}] * 2,
        {**POLICE_UK, "lsoa": "W01", "place_name": "Police Station"},
        {**POLICE_UK, "lsoa": None},
    )
    table = compare_areas(rows, violence, gazetteer(places, areas=areas()))

    assert table.to_numpy().tolist() == [["W01", "Marford 001A", 1, 2]]


def test_without_areas_or_premises_there_is_nothing_to_compare():
    assert compare_areas(assaults({}), crimes(POLICE_UK), gazetteer()).empty
    assert compare_areas(assaults({}), crimes(POLICE_UK), gazetteer([], areas=areas())).empty


def test_ranks_by_hand():
    # Hospitals 100, 40, 40, 9: ranks 1, 2.5, 2.5, 4. Police 50, 400, 60, 55: ranks 4, 1, 2, 3.
    table = rank_areas(counts((100, 50), (40, 400), (40, 60), (9, 55)))

    assert table["rank_hospitals"].tolist() == [1, 2.5, 2.5, 4]
    assert table["rank_police"].tolist() == [4, 1, 2, 3]
    assert table["rank_difference"].tolist() == [3, -1.5, -0.5, -1]
    # 95 % intervals of 100, 40 and 9: 81-122, 29-54, 4-17. None overlap but those of the equal.
    assert table["rank_hospitals_low"].tolist() == [1, 2, 2, 4]
    assert table["rank_hospitals_high"].tolist() == [1, 3, 3, 4]
    # Of 50, 60 and 55 all do; 400 stands alone.
    assert table["rank_police_low"].tolist() == [2, 1, 2, 2]
    assert table["rank_police_high"].tolist() == [4, 1, 4, 4]
    assert table["ranked_higher_by"].tolist() == [
        "hospitals", "police", "no_clear_difference", "no_clear_difference",
    ]  # fmt: skip


def test_one_area_equal_areas_and_none():
    assert rank_areas(counts((10, 10)))["rank_difference"].tolist() == [0]
    equal = rank_areas(counts(*[(10, 20)] * 3))
    assert equal["rank_hospitals"].tolist() == [2, 2, 2]
    assert (equal["ranked_higher_by"] == "no_clear_difference").all()
    assert rank_areas(counts()).empty


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=3, max_size=12), st.randoms())
def test_the_order_of_areas_changes_no_rank(pairs, random):
    table = counts(*pairs)
    shuffled = table.sample(frac=1, random_state=random.randint(0, 999))

    ranked = rank_areas(table).set_index("code")
    pd.testing.assert_frame_equal(rank_areas(shuffled).set_index("code").loc[ranked.index], ranked)
    within = ranked["rank_hospitals"].between(
        ranked["rank_hospitals_low"], ranked["rank_hospitals_high"]
    )
    assert within.all()


def test_ranks_agree_with_spearman_and_intervals_with_poisson():
    rng = np.random.default_rng(5)
    pairs = rng.integers(8, 300, (40, 2))
    table = rank_areas(counts(*pairs.tolist()))
    wanted = spearmanr(pairs[:, 0], pairs[:, 1]).statistic

    assert table["rank_hospitals"].corr(table["rank_police"]) == pytest.approx(wanted)
    # Referee: an area surely has more where no one rate makes both counts likely (2.5 % each way).
    n = pairs[:, 0]
    rates = np.linspace(0.1, 400, 8_000)
    upper = np.array([rates[poisson.cdf(k, rates) > 0.025].max() for k in n])
    lower = np.array([rates[poisson.sf(k - 1, rates) > 0.025].min() for k in n])
    more = (lower[None, :] > upper[:, None]).sum(axis=1)
    assert np.abs(table["rank_hospitals_low"].to_numpy() - (1 + more)).max() <= 1


def test_ranks_published_come_from_rounded_counts_alone():
    # 12 and 8 both round to 10; 7 to 5, which stands for 1 to 7 and is not ranked.
    exact = counts((12, 100), (8, 200), (7, 300), (0, 300), (50, 3))
    published = publish_comparison(exact, RULES)

    assert published["code"].tolist() == ["W01", "W00"]
    assert published["rank_hospitals"].tolist() == [1.5, 1.5]
    assert "n_assaults" not in published
    assert "n_police" not in published


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=8), st.sampled_from(["round5", "suppress_lt5"]))
def test_counts_that_round_alike_are_published_alike(pairs, method):
    rules = RULES._replace(method=method)
    rounded = [tuple(round_count(n, threshold=5) for n in pair) for pair in pairs]
    first, second = (publish_comparison(counts(*rows), rules) for rows in (pairs, rounded))

    pd.testing.assert_frame_equal(first, second)


def with_police_uk(**arguments):
    places = gazetteer(pubs(13, east=EAST), areas=areas())
    violence = crimes(*[{**POLICE_UK, "lsoa": "W01"}] * 30)
    rows = [{"lsoa": "W01"}] * 20
    return findings(*rows, crimes=violence, gazetteer=places, **arguments)


def published(found, **changes):
    rules = {"threshold": 5, "method": "round5", "premises_names": False, "marking": "OFFICIAL"}
    return disclose(found, **{**rules, **changes})


def test_police_uk_alone_is_compared_by_area_and_says_what_it_includes():
    told = published(with_police_uk())

    assert told.area_comparison["code"].tolist() == ["W01"]
    assert WHAT_IT_IS in told.analyst_notes
    assert "police figures include violence at home and without injury" in WHAT_IT_IS


def test_beside_a_force_s_own_records_no_ranks_are_made():
    told = published(findings({}, crimes=crimes({}, POLICE_UK)))

    assert told.area_comparison is None
    assert not [note for note in told.analyst_notes if "Area comparison" in note]


def test_without_premises_the_note_says_what_is_missing():
    told = published(findings({}, crimes=crimes(POLICE_UK)))

    assert NO_PREMISES in told.analyst_notes


def recorded(*rows):
    columns = ["area", "quarter_from", "quarter_to", "offence_group", "n"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"quarter_from": "datetime64[ns]", "quarter_to": "datetime64[ns]"})


def test_the_home_office_s_counts_of_whole_quarters_of_the_own_area_are_taken():
    table = recorded(
        ("Marford", "2026-01-01", "2026-03-31", "violence_with_injury", 30),
        ("Marford", "2026-01-01", "2026-03-31", "violence_without_injury", 70),
        ("Marford", "2025-10-01", "2025-12-31", "violence_with_injury", 5),
        ("Marford Rural", "2026-01-01", "2026-03-31", "violence_with_injury", 9),
    )
    period = {"period_from": date(2025, 11, 1), "period_to": date(2026, 3, 31)}
    own = totals_of(table, partnership="The Marford Community Safety Partnership", **period)

    assert own["n"].tolist() == [30, 70]
    assert "100 offences" in totals_words(own)[0]
    assert "30% of them with injury" in totals_words(own)[0]
    assert totals_words(own.iloc[:0]) == ()


def test_the_home_office_s_counts_reach_the_analyst_unrounded():
    rows = recorded(("Marford", "2026-01-01", "2026-03-31", "violence_with_injury", 33))
    told = published(with_police_uk(recorded_crime=rows))

    assert told.recorded_crime["n"].tolist() == [33]
    assert any("33 offences" in note for note in told.analyst_notes)
