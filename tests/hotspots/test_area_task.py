"""One area's task: whose police records tell what the police know."""

import numpy as np
import pandas as pd
import pytest

from ed_ingest.linked import link_assaults
from hotspots.area_inputs import _is_here
from hotspots.area_task import _own_police_alone
from hotspots.belonging import area_of_records
from tests.ed_ingest.contract_rows import EAST, NORTH, assaults, crimes
from tests.hotspots import region

N = 30


def linked(of_police: str):
    """Assaults of area B, and crimes beside its border or within, each too far to be theirs."""
    seen = assaults(*({"easting": EAST, "northing": NORTH} for _ in range(N)))
    known = crimes(*({"easting": EAST - 1500.0, "northing": NORTH} for _ in range(N)))
    seen, known = seen.assign(area_code="B"), known.assign(area_code=of_police)
    after, linkage = link_assaults(seen, known, threshold=0.5, false_places=None)
    return _own_police_alone(after, linkage, known, seen, "B")


def test_neighbours_crimes_do_not_say_that_nothing_was_found():
    found, linkage = linked("A")

    assert not found["link_status"].eq("not_found").any()
    assert linkage.weighed.empty


def test_the_areas_own_crimes_do():
    found, linkage = linked("B")

    assert found["link_status"].eq("not_found").any()
    assert not linkage.weighed.empty


def test_a_home_of_a_small_area_elsewhere_is_not_the_hospitals():
    records = pd.DataFrame(
        {"provider": "m", "easting": np.nan, "northing": np.nan, "lsoa": ["L9", "W9", None]}
    ).astype({"lsoa": "str"})
    homes = {"m": "X02"}
    areas = region.areas().rename(columns={"CODE": "code"})

    known = area_of_records(records, areas, of_small_area=pd.Series({"L9": "X04"}), homes=homes)
    unknown = area_of_records(records, areas, of_small_area=pd.Series(dtype="str"), homes=homes)

    assert known.astype(object).where(known.notna(), None).tolist() == ["X04", None, "X02"]
    # Where no small area is known, a code tells nothing.
    assert unknown.tolist() == ["X02"] * 3


@pytest.mark.parametrize(
    ("scheduler", "here"),
    [
        (None, True),
        ("tcp://127.0.0.1:8786", True),
        ("tcp://[::1]:8786", True),
        ("tcp://localhost.example.org:8786", False),
        ("tls://scheduler:8786", False),
    ],
)
def test_workers_elsewhere_are_known_by_the_whole_name(scheduler, here):
    assert _is_here(scheduler) is here
