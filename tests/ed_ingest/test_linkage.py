import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ed_ingest.candidates import candidate_pairs
from ed_ingest.incidents import group_incidents
from ed_ingest.linkage import _one_to_one, link, link_status, link_summary
from tests.ed_ingest.contract_rows import (
    EAST,
    NORTH,
    SATURDAY_NIGHT,
    assault_at,
    assaults,
    crime_at,
    crimes,
    later,
)

EXAMPLES = Path(__file__).parents[2].parent / "shared" / "examples" / "linkage"
START = pd.Timestamp("2026-01-01")


def town(*, known: int = 60, unknown: int = 90, others: int = 300, seed: int = 3):
    """Assaults of which the first `known` have a crime of their own, among other crimes."""
    random = np.random.default_rng(seed)
    n = known + unknown
    when = [START + pd.Timedelta(minutes=int(m)) for m in random.integers(0, 90 * 1440, n + others)]
    where = np.array([EAST, NORTH]) + random.uniform(-2000, 2000, (n + others, 2))
    off = random.normal(0, 20, (known, 2))
    ours = assaults(
        *(assault_at(when[i], easting=where[i, 0], northing=where[i, 1]) for i in range(n))
    )
    own = [
        crime_at(when[i] + pd.Timedelta(minutes=int(random.integers(-15, 16))),
                 easting=where[i, 0] + off[i, 0], northing=where[i, 1] + off[i, 1])
        for i in range(known)
    ]  # fmt: skip
    strange = [crime_at(when[i], easting=where[i, 0], northing=where[i, 1])
               for i in range(n, n + others)]  # fmt: skip
    return ours, crimes(*own, *strange)


def known_share(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, float]:
    return link_summary(ours, theirs, link(ours, theirs))


def test_a_crime_at_the_same_place_and_minute_is_linked():
    links = link(assaults({}), crimes({}))

    assert links.loc[0, ["event_id", "crime_id"]].tolist() == ["a0", "c0"]
    assert links.loc[0, ["distance_m", "gap_min"]].tolist() == [0.0, 0.0]
    assert links.loc[0, "probability"] > 0.9


def test_own_crimes_are_found_among_strangers():
    ours, theirs = town()

    links = link(ours, theirs)

    sure = links[links["probability"] >= 0.5]
    right = sure["event_id"].str[1:] == sure["crime_id"].str[1:]
    assert right.mean() > 0.95
    assert right.sum() > 0.9 * 60


def test_links_are_one_to_one_and_at_least_five_per_cent():
    links = link(*town(others=3000))

    assert links["event_id"].is_unique
    assert links["crime_id"].is_unique
    assert links["probability"].between(0.05, 1).all()


def test_row_order_does_not_matter():
    ours, theirs = town()

    shuffled = link(ours.sample(frac=1, random_state=1), theirs.sample(frac=1, random_state=2))

    pd.testing.assert_frame_equal(link(ours, theirs), shuffled)


def test_an_unrelated_crime_elsewhere_changes_next_to_nothing():
    ours, theirs = town(known=200, unknown=300, others=2500)
    elsewhere = theirs.iloc[[-1]].assign(crime_id="c99999", easting=EAST + 30_000)

    before, after = link(ours, theirs), link(ours, pd.concat([theirs, elsewhere]))

    assert before[["event_id", "crime_id"]].equals(after[["event_id", "crime_id"]])
    assert (before["probability"] - after["probability"]).abs().max() < 1e-3


def test_a_busy_place_and_hour_earns_less_than_a_quiet_one():
    saturdays = [SATURDAY_NIGHT + pd.Timedelta(weeks=week) for week in range(30)]
    busy = [crime_at(when, easting=EAST + 20) for when in saturdays for _ in range(3)]
    alone = crime_at(saturdays[10], easting=EAST + 3020)
    ours = assaults(
        assault_at(saturdays[10]), assault_at(saturdays[10], easting=EAST + 3000, place_name="Far")
    )

    links = link(ours, crimes(*busy, alone)).set_index("event_id")["probability"]

    # Doubt of the one is far greater than of the other.
    assert 1 - links["a0"] > 10 * (1 - links["a1"])


def test_an_hour_more_is_allowed_where_the_clock_changed():
    told = assault_at(pd.Timestamp("2026-10-25 01:30"))
    theirs = crimes(crime_at(pd.Timestamp("2026-10-25 04:00")))
    late = {"arrived_at": pd.Timestamp("2026-10-25 06:00")}

    assert link(assaults({**told, **late}), theirs).empty
    assert len(candidate_pairs(assaults({**told, "clock_change": "ambiguous"}), theirs)) == 1


def test_moving_everything_by_the_same_way_changes_nothing():
    ours, theirs = town()
    moved = [
        t.assign(easting=t["easting"] + 10_000, northing=t["northing"] - 5000)
        for t in (ours, theirs)
    ]

    assert link(*moved)["crime_id"].tolist() == link(ours, theirs)["crime_id"].tolist()


def test_where_no_link_can_be_right_next_to_none_is_made():
    ours, theirs = town(known=0, unknown=150, others=2000)

    figures = known_share(ours, theirs)

    assert figures["known_share"] < 0.05
    assert figures["chance_rate"] < 0.05


def test_the_known_share_is_estimated_with_an_interval_around_it():
    figures = known_share(*town())

    # 60 of 150 have a crime of their own.
    assert figures["n_linkable"] == 150
    assert figures["known_share"] == pytest.approx(0.4, abs=0.03)
    assert figures["known_share_low"] < 0.4 < figures["known_share_high"]
    assert 80 <= figures["n_not_found"] <= 100


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "linked"),
        ({"location_level": "locality"}, "not_linkable"),
        ({"time_precision": "arrival"}, "not_linkable"),
        ({"easting": EAST + 5000}, "not_found"),
    ],
)
def test_each_assault_has_a_status(change, status):
    ours, theirs = assaults(change), crimes({})

    assert link_status(ours, link(ours, theirs)).item() == status


def test_the_threshold_decides_what_is_linked():
    links = pd.DataFrame({"event_id": ["a0"], "crime_id": ["c0"], "probability": [0.6]})

    assert link_status(assaults({}), links, threshold=0.6).item() == "linked"
    assert link_status(assaults({}), links, threshold=0.61).item() == "not_found"


def test_another_patient_of_a_linked_incident_is_known_by_it():
    ours = assaults({"incident_id": "i-a0"}, {"incident_id": "i-a0"})
    links = link(ours, crimes({}))

    assert sorted(link_status(ours, links)) == ["linked", "linked_by_incident"]
    figures = link_summary(ours, crimes({}), links)
    # The one crime is one of the two patients', and their incident is known for certain.
    assert figures["known_share_incident"] > figures["known_share"] + 0.2
    assert figures["n_not_found"] == 0


def test_months_without_police_records_are_not_linkable_where_the_crimes_are_known():
    ours = assaults({}, assault_at(later(120 * 1440)))
    theirs = crimes({})
    links = link(ours, theirs)

    assert link_status(ours, links, crimes=theirs).tolist() == ["linked", "not_linkable"]
    assert link_status(ours, links).tolist() == ["linked", "not_found"]
    assert link_summary(ours, theirs, links)["n_linkable"] == 1


def test_a_point_that_is_a_defaulted_hospital_is_not_linked():
    ours = assaults({"location_level": "coordinates", "location_text": None})
    places = pd.DataFrame({"easting": [EAST], "northing": [NORTH], "kind": ["health"]})

    links = link(ours, crimes({}), false_places=places)

    assert links.empty
    assert link_status(ours, links, false_places=places).item() == "not_linkable"


@pytest.mark.parametrize(("arrival", "linked"), [("15 02:30", True), ("14 02:30", False)])
def test_the_date_of_the_evening_before_is_allowed_for_if_the_arrival_allows_it(arrival, linked):
    told = assault_at(pd.Timestamp("2026-03-14 01:30"))
    told["arrived_at"] = pd.Timestamp(f"2026-03-{arrival}")
    theirs = crimes(crime_at(pd.Timestamp("2026-03-15 01:25")))

    links = link(assaults(told), theirs)

    assert (len(links) == 1) is linked
    assert links["gap_min"].eq(1435).all()


def test_hospitals_come_before_other_sources_for_the_same_crime():
    ours = assaults({"source": "ambulance", "provider": "ambulance"}, {})

    links = link(ours, crimes({}))

    assert links["event_id"].tolist() == ["a1"]


def test_a_hospitals_doubtful_pair_leaves_the_crime_to_another_sources_link():
    pairs = pd.DataFrame({
        "event_id": ["a0", "a1", "a2", "a3"],
        "crime_id": ["c0", "c1", "c0", "c1"],
        "distance_m": 0.0, "gap_min": 0.0,
        "probability": [0.06, 0.06, 0.95, 0.4],
    })  # fmt: skip

    links = _one_to_one(pairs, threshold=0.5)

    # c0 is the other source's link; of two doubtful pairs with c1 the hospital's stays.
    assert links["event_id"].tolist() == ["a1", "a2"]


def test_the_later_half_of_a_transfer_takes_no_crime_and_counts_once():
    ours = assaults({"transfer": "yes"}, {"transfer": "no"})

    links = link(ours, crimes({}))

    assert links["event_id"].tolist() == ["a1"]
    assert link_summary(ours, crimes({}), links)["n_linkable"] == 1


def test_a_knife_on_both_sides_speaks_for_a_pair():
    ours, theirs = town()
    ours.loc[:59, "assault_method"] = "sharp_object"
    theirs.loc[:59, "knife"] = "yes"
    # A stranger's crime, as near as the own one of the first assault, without a knife.
    rival = theirs.iloc[[0]].assign(crime_id="c9999", knife="no")
    links = link(ours, pd.concat([theirs, rival], ignore_index=True))

    assert links.set_index("event_id")["crime_id"]["a0"] == "c0"


@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_or_one_row_on_either_side(rows):
    ours, theirs = assaults({}).iloc[:rows], crimes({}).iloc[: 1 - rows]

    links = link(ours, theirs)

    assert links.empty
    assert links.dtypes.astype(str).tolist() == ["str", "str", "float64", "float64", "float64"]
    assert math.isnan(link_summary(ours, theirs, links)["chance_rate"])


def test_equal_records_are_linked_at_most_once_each():
    links = link(assaults(n=40), crimes(n=60))

    assert links["crime_id"].is_unique
    assert len(links) <= 40


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the labelled examples are not there")
def test_a_realistic_year_is_linked_well():
    ours, theirs, right = labelled_example()

    links = link(ours, theirs)

    sure = links[links["probability"] >= 0.5]
    pairs = zip(sure["event_id"], sure["crime_id"], strict=True)
    hits = sum(pair in right for pair in pairs)
    precision, recall = hits / len(sure), hits / 1132
    assert 2 * precision * recall / (precision + recall) >= 0.88
    figures = link_summary(ours.assign(incident_id=group_incidents(ours)), theirs, links)
    # Truth: .390, by incident .394.
    assert figures["known_share"] == pytest.approx(0.39, abs=0.03)
    assert figures["known_share_incident"] == pytest.approx(0.394, abs=0.03)


def labelled_example():
    """The year of labelled attendances and crimes, and the pairs of one incident."""
    codes = json.loads((EXAMPLES / "meta.json").read_text(encoding="utf-8"))["label_to_code"]
    ed = pd.read_csv(EXAMPLES / "ed_2.csv", dtype=str, keep_default_na=False)
    police = pd.read_csv(EXAMPLES / "crimes_2.csv", dtype=str, keep_default_na=False)
    truth = pd.read_csv(EXAMPLES / "truth_2.csv", dtype=str)
    ours = _example_assaults(ed, codes)
    theirs = _example_crimes(police)
    event = pd.Series(
        ours["event_id"].to_numpy(), index=ours["arrived_at"].dt.strftime("%Y-%m-%dT%H:%M")
    )
    place = (
        theirs["easting"].astype(int).astype(str) + "|" + theirs["northing"].astype(int).astype(str)
    )
    crime = pd.Series(
        theirs["crime_id"].to_numpy(),
        index=theirs["committed_from"].dt.strftime("%Y-%m-%dT%H:%M") + "|" + place,
    )
    pairs = zip(truth["ed_key"].map(event), truth["crime_key"].map(crime), strict=True)
    return ours, theirs, set(pairs)


def _example_assaults(ed: pd.DataFrame, codes: dict) -> pd.DataFrame:
    table = assaults({}).iloc[np.zeros(len(ed), dtype=int)].reset_index(drop=True)
    table["event_id"] = [f"e{i:05d}" for i in range(len(ed))]
    table["arrived_at"] = _times(ed["Arrival Date Time"])
    table["assault_method"] = ed["Assault Method"].map(codes["Assault Method"])
    table["location_type"] = ed["Assault Location Type"].map(codes["Assault Location Type"])
    for name in ("Easting", "Northing"):
        table[name.lower()] = pd.to_numeric(ed[name])
    table["location_level"] = np.where(table["easting"].notna(), "coordinates", "none")
    table[["alcohol", "drugs", "domestic_abuse"]] = "unknown"
    table["location_uncertainty_m"] = 100.0
    first, last, precision = _intervals(ed["Assault Time"])
    day = pd.to_datetime(ed["Assault Date"], format="%d/%m/%Y").astype("datetime64[s]")
    table["assault_from"], table["assault_to"] = day + first, day + last
    table["time_precision"] = precision.where(day.notna(), "missing")
    return table


def _intervals(texts: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    parts = {
        "early hours": "00:00-05:59", "morning": "06:00-11:59", "afternoon": "12:00-17:59",
        "evening": "18:00-23:59", "": "00:00-23:59",
    }  # fmt: skip
    spans = texts.replace(parts).str.split("-")
    first = pd.to_timedelta(spans.str[0] + ":00").astype("timedelta64[s]")
    last = pd.to_timedelta(spans.str[-1] + ":00").astype("timedelta64[s]")
    last = last.where(last >= first, last + pd.Timedelta(days=1))
    precision = pd.Series("minute", index=texts.index).mask(spans.str.len() > 1, "part_of_day")
    return first, last, precision.mask(texts == "", "date")


def _example_crimes(police: pd.DataFrame) -> pd.DataFrame:
    table = crimes({}).iloc[np.zeros(len(police), dtype=int)].reset_index(drop=True)
    table["crime_id"] = [f"c{i:05d}" for i in range(len(police))]
    table["committed_from"] = _times(police["Committed From"])
    table["committed_to"] = _times(police["Committed To"])
    for name in ("Easting", "Northing"):
        table[name.lower()] = pd.to_numeric(police[name])
    table["easting"] = table["easting"].fillna(0)
    table["northing"] = table["northing"].fillna(0)
    groups = {
        "8N": "violence_with_injury", "5D": "violence_with_injury", "8P": "violence_with_injury",
        "105A": "violence_without_injury", "104A": "violence_without_injury",
        "8L": "violence_without_injury", "3B": "violence_without_injury", "34B": "robbery",
        "9A": "public_order", "66": "public_order", "10D": "weapons", "20A": "sexual",
    }  # fmt: skip
    table["offence_group"] = police["HO Code"].map(groups).fillna("other")
    answers = {"Y": "yes", "N": "no", "": "unknown"}
    table["knife"] = police["Knife Marker"].map(answers)
    table["domestic_abuse"] = police["Domestic Abuse Marker"].map(answers)
    table["alcohol"] = police["Alcohol Marker"].map(answers)
    return table


def _times(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, format="%d/%m/%Y %H:%M").astype("datetime64[s]")
