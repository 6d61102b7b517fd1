import json

import numpy as np
import pandas as pd
import pytest

from ed_ingest.incidents import group_incidents
from ed_ingest.linkage import link, link_status
from ed_ingest.why_link import facts, why_link
from hotspots.why_link_command import lines_of
from tests.ed_ingest.contract_rows import EAST, NORTH, assault_at, assaults, crime_at, crimes, later
from tests.ed_ingest.test_linkage import town

FALSE = pd.DataFrame({"easting": [EAST], "northing": [NORTH], "kind": ["health"]})


def linked(ours: pd.DataFrame, theirs: pd.DataFrame, **options):
    links = link(ours, theirs, **options)
    return ours.assign(link_status=link_status(ours, links, crimes=theirs, **options)), links


def explained(event: str, ours: pd.DataFrame, theirs: pd.DataFrame, **options):
    told, links = linked(ours, theirs, **options)
    return why_link(event, told, theirs, links, **options)


@pytest.fixture(scope="module")
def crowd():
    """Assaults among many crimes, two patients of one incident among them."""
    ours, theirs = town(known=40, unknown=20, others=3000)
    # Three more crimes that fit one of them about as well as its own.
    near = [{"committed_from": ours["assault_from"][7] + pd.Timedelta(minutes=m),
             "committed_to": ours["assault_from"][7] + pd.Timedelta(minutes=m),
             "easting": ours["easting"][7] + 70 + m, "northing": ours["northing"][7]}
            for m in (-20, 5, 25)]  # fmt: skip
    theirs = pd.concat([theirs, crimes(*near).assign(crime_id=["d0", "d1", "d2"])])
    both = assault_at(ours["assault_from"][0], easting=ours["easting"][0],
                      northing=ours["northing"][0])  # fmt: skip
    ours = pd.concat([ours, assaults(both).assign(event_id="b0")], ignore_index=True)
    ours["incident_id"] = group_incidents(ours)
    return (*linked(ours, theirs), theirs)


def test_the_factors_shown_add_up_to_the_probability(crowd):
    ours, links, theirs = crowd
    n, doubtful = 0, 0
    for event in ("a0", "b0", "a7", "a21", "a45"):
        for one in why_link(event, ours, theirs, links).candidates:
            total = sum(factor.log_odds for factor in one.factors)
            assert one.log_odds == pytest.approx(total)
            assert 1 / (1 + np.exp(-total)) == pytest.approx(one.probability, abs=1e-8)
            n += 1
            doubtful += 0.01 < one.probability < 0.99
    assert n >= 6
    assert doubtful


def test_the_probability_is_that_of_the_link(crowd):
    ours, links, theirs = crowd
    chosen = [one for one in why_link("a7", ours, theirs, links).candidates if one.chosen]

    assert [one.probability for one in chosen] == pytest.approx(
        links.loc[links["event_id"] == "a7", "probability"].tolist()
    )


def test_a_crime_that_another_patient_has_is_told_as_taken(crowd):
    ours, links, theirs = crowd
    told = {event: why_link(event, ours, theirs, links) for event in ("a0", "b0")}
    other = next(event for event in told if told[event].link_status == "linked_by_incident")

    assert told[other].candidates[0].taken
    assert not told[other].candidates[0].chosen
    assert told[other].reason == ""


def test_nothing_of_the_crime_itself_is_told():
    name = "The Anchor"
    theirs = crimes(crime_at(later(7), easting=EAST + 33, crime_id="c-secret", place_name=name))
    told = facts(explained("a0", assaults({}), theirs))
    text = json.dumps(told)

    assert told["candidates"][0]["factors"][1]["found"] == "under 50 m"
    assert told["candidates"][0]["factors"][2]["found"] == "within half an hour"
    for secret in ("c-secret", name, str(EAST + 33)[:6], "2026", "23:17", "violence"):
        assert secret not in text


def test_what_is_not_found_says_so_and_lists_what_was_compared():
    far = crimes(crime_at(later(75), easting=EAST + 80), crime_at(later(3000)))
    told = explained("a0", assaults({}), far, threshold=0.99999)

    assert told.link_status == "not_found"
    assert told.n_candidates == 1
    assert [one.found for one in told.candidates[0].factors[1:3]] == [
        "50 to 100 m",
        "over an hour apart",
    ]
    assert "less likely than the threshold" in " ".join(lines_of(told))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"location_type": "own_home"}, "at a home"),
        ({"location_level": "area"}, "no point"),
        ({"time_precision": "arrival"}, "Neither the day nor the time"),
        ({"location_level": "coordinates", "location_text": ""}, "hospital or police station"),
        ({"transfer": "yes"}, "first half"),
        (assault_at(pd.Timestamp("2024-03-14 23:10")), "delivered no crime of its month"),
    ],
)
def test_what_could_not_be_compared_is_told_with_the_reason(change, words):
    told = explained("a0", assaults(change), crimes({}), false_places=FALSE)

    assert words in told.reason
    assert told.candidates == ()


def test_an_assault_that_is_not_there_is_none():
    assert explained("a9", assaults({}), crimes({})) is None


def test_records_that_changed_since_they_were_linked_are_told():
    ours, links = linked(assaults({}), crimes({}))

    assert not why_link("a0", ours, crimes({}), links).stale
    assert why_link("a0", ours, crimes(crime_at(later(3000))), links).stale


def test_other_sources_get_what_the_hospitals_left():
    ours = assaults({}, {"source": "ambulance"})
    told = explained("a1", ours, crimes({}))

    assert told.n_candidates == 0
    assert told.link_status == "not_found"
