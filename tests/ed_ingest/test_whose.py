"""A file that is plainly another provider's."""

from __future__ import annotations

import pandas as pd
import pytest

from ed_ingest.errors import FileError, OtherProviderError
from ed_ingest.whose import Claimant, refuse_another_providers

HEADERS = ("Arrived", "Method", "Where")
OTHERS_HEADERS = ("Arrival date", "Weapon", "Place")
OWN = Claimant("st-elsewhere", "7A1ST", {"arrived_at": HEADERS[0], "location_text": HEADERS[1:]})
OTHER = Claimant("marford", "7A2MF", dict(zip("abc", OTHERS_HEADERS, strict=True)))


def look(columns: dict[str, list], *claimants: Claimant) -> None:
    raw = pd.DataFrame(columns).astype("str")
    refuse_another_providers(raw, claimants[0].id, claimants, name="x.csv")


def rows(headers=HEADERS, **more) -> dict[str, list]:
    return {**{header: ["a", "b"] for header in headers}, **more}


@pytest.mark.parametrize(
    "header", ["PROCODE", "Site code", "SITE CODE (OF TREATMENT)", "Provider_Code", "SITETRET"]
)
def test_the_site_code_of_another_provider_is_refused_and_it_is_named(header):
    columns = rows(**{header: ["7A2MF", "7a2mf"]})
    with pytest.raises(OtherProviderError, match="provider marford") as refused:
        look(columns, OWN, OTHER)
    with pytest.raises(OtherProviderError, match="provider marford"):
        look(columns, OWN._replace(site_code=""), OTHER)

    assert "7A2MF" not in str(refused.value).upper()


def test_a_site_code_that_is_not_the_recorded_one_is_refused_without_showing_it():
    with pytest.raises(FileError, match="not the one recorded for provider st-elsewhere") as told:
        look(rows(PROCODE=["RZZ99", "RZZ99"]), OWN, OTHER)

    assert "RZZ99" not in str(told.value)


def test_headers_that_fit_only_another_provider_are_refused():
    with pytest.raises(OtherProviderError, match="fit provider marford exactly"):
        look(rows(OTHERS_HEADERS), OWN, OTHER)


@pytest.mark.parametrize(
    "columns",
    [
        rows(),
        rows(PROCODE=["7A1", "7A1"]),  # the code of the trust that the site belongs to
        rows(PROCODE=["7A1ST", "7A2MF"]),  # rows of its own: not plainly another's
        rows(**{"Site code": ["12", "13"]}),  # no code of an organisation
        rows(PROCODE=["not known", "7A2MF"]),
        rows((*HEADERS, *OTHERS_HEADERS)),  # fits both
        rows(("Arrived", "Weapon")),  # fits neither: the mapping says what is missing
    ],
)
def test_a_file_that_may_be_the_providers_own_is_let_through(columns):
    look(columns, OWN, OTHER)


def test_without_a_recorded_code_an_unknown_one_says_nothing():
    look(rows(PROCODE=["RZZ99", "RZZ99"]), OWN._replace(site_code=""), OTHER)
