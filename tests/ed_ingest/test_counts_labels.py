"""Labels of places in tables of counts. Everybody in them is invented."""

from __future__ import annotations

import pandas as pd
import pytest

from ed_ingest.counts_labels import is_area_code, is_total, personal_labels, small_area_code
from ed_ingest.gazetteer import load_gazetteer


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    (folder / "places.csv").write_text(
        "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
        "S1,High Street,,street,420000,310000,Marford,\n"
        "P1,Jack Murphy's,,premises,420100,310100,3 High Street,\n",
        encoding="utf-8",
    )
    return load_gazetteer(folder)


@pytest.mark.parametrize(
    "label",
    [
        "The Velvet Turnstile", "The Dusty Ferret", "Brindlewood East", "Brindlewood", "Victoria",
        "The William Owen", "Stanley Road", "Prince Albert", "St Mary's", "Castle ward",
        "Klub Marrakesh, Saltmarsh Way", "CF10 1", "CF10", "E01002345", "W05000864", "Own home",
        "Private dwelling", "Patient's home", "Someone else's home", "Jack Murphy's", "High Street",
        "Llandaff North", "Zone 4", "Unknown / not stated", "Nelson Arms", "Ffordd yr Orsaf",
    ],
)  # fmt: skip
def test_a_harmless_label_stays(label, places):
    assert not personal_labels(pd.Series([label]), places=places).loc[0, "personal"]


@pytest.mark.parametrize(
    "label",
    [
        "Jane Doe", "Quillfeather, Jane", "Mr Quillfeather", "Dr Stotherby", "14 High Street",
        "Flat 3, Castle House", "Rhys's house", "Bethan Jones flat", "999 026 8797",
        "07700 900316", "home of John Smith, Marford", "CF10 1AA",
    ],
)  # fmt: skip
def test_a_person_a_number_or_a_home_is_found(label, places):
    assert personal_labels(pd.Series([label]), places=places).loc[0, "personal"]


def test_a_home_is_told_from_other_places(places):
    told = personal_labels(pd.Series(["Own home", "High Street", None]), places=places)

    assert told["home"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    "text",
    ["Total", "TOTALS", "Grand Total", "Sub-total", "Total assaults", "City centre total", "All",
     "All methods", "All areas", "Cyfanswm", "Overall", "Total:", "Total for Marford", "(Total)"],
)  # fmt: skip
def test_totals_are_told(text):
    assert is_total(text)


@pytest.mark.parametrize(
    "text", ["Total Fitness", "All Bar One", "Allensbank", "Summer Street", ""]
)
def test_names_that_begin_like_totals_are_none(text):
    assert not is_total(text)


def test_codes_of_areas_are_told():
    assert small_area_code(" w01001856 ") == "W01001856"
    assert small_area_code("CF10 1") is None
    assert is_area_code("CF10 1")
    assert not is_area_code("CF10 1AA")
