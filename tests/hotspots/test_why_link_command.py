"""why-link at the terminal: what it tells of one assault, and what it never tells."""

from __future__ import annotations

import json
import shutil

import pytest

from ed_ingest import audit
from ed_ingest.linkable import comparable_crimes
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace


@pytest.fixture(scope="module")
def linked(demo, tmp_path_factory):
    """A workspace of our own, whose audit may grow."""
    return shutil.copytree(demo, tmp_path_factory.mktemp("linked") / "workspace")


@pytest.fixture(scope="module")
def stored(linked):
    with open_store(open_workspace(linked).store) as store:
        return store.read("assaults"), store.read("crimes"), store.read("links")


def an_event(stored, status: str) -> str:
    assaults, _, _ = stored
    mine = assaults[(assaults["link_status"] == status) & (assaults["transfer"] == "no")]
    return str(mine["event_id"].min())


def test_a_linked_assault_is_explained_and_its_crime_stays_unknown(linked, stored, run):
    event = an_event(stored, "linked")
    _, crimes, links = stored
    link = links.set_index("event_id").loc[event]
    crime = crimes.set_index("crime_id").loc[link["crime_id"]]
    code, text, _ = run("why-link", event, "-w", linked)

    assert code == 0
    assert "Linked: a matching police record was found." in text
    assert "First crime: chosen" in text
    assert "Distance" in text
    for secret in (link["crime_id"], f"{crime['easting']:.0f}", f"{crime['northing']:.0f}",
                   f"{crime['committed_from']:%H:%M}", f"{crime['committed_from']:%Y-%m-%d}",
                   str(crime["place_name"])):  # fmt: skip
        assert secret not in text


def test_the_probability_printed_is_the_one_stored(linked, stored, run):
    event = an_event(stored, "linked")
    code, text, _ = run("why-link", event, "-w", linked, "--json")
    told = json.loads(text)
    chosen = next(one for one in told["candidates"] if one["chosen"])
    probability = stored[2].set_index("event_id").loc[event, "probability"]

    assert (code, told["link_status"], told["stale"]) == (0, "linked", False)
    assert chosen["probability"] == pytest.approx(probability, abs=0.001)
    total = sum(factor["log_odds"] for factor in chosen["factors"])
    assert chosen["log_odds"] == pytest.approx(total, abs=0.05 * 14)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("not_found", "No matching police record found."),
        ("not_linkable", "Not compared with police records."),
    ],
)
def test_other_assaults_are_explained_too(linked, stored, run, status, words):
    code, text, _ = run("why-link", an_event(stored, status), "-w", linked)

    assert code == 0
    assert words in text


def test_who_looked_at_ties_is_in_the_audit_and_the_record_is_not(linked, stored, run):
    event = an_event(stored, "linked")
    run("why-link", event, "-w", linked)
    with open_store(open_workspace(linked).store) as store:
        newest = audit.read_entries(store.connection)[-1]

    assert newest.action == "why link"
    assert event not in f"{newest.subject} {newest.counts}"
    assert newest.subject in set(stored[0]["provider"])
    assert comparable_crimes(stored[1]).any()


def test_an_unknown_id_is_one_sentence(linked, run):
    code, text, errors = run("why-link", "e-unknown", "-w", linked)

    assert (code, text) == (2, "")
    assert errors.startswith("ed-hotspots: There is no assault of that id.")
    assert "e-unknown" not in errors
