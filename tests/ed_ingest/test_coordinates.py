import pandas as pd
import pytest

from ed_ingest.coordinates import points, to_british_grid, written_area_codes


def one(**cells):
    return points(
        pd.DataFrame({name: pd.Series([cell], dtype="str") for name, cell in cells.items()})
    ).iloc[0]


def test_eastings_and_northings_are_read_as_numbers():
    found = one(easting="318,634", northing=" 176134 ")

    assert found.tolist() == [318634, 176134, False]


def test_degrees_become_metres():
    # The Ordnance Survey's worked example is in another datum; this is Cardiff Castle's keep,
    # by the national grid about ST 1808 7665.
    found = one(latitude="51.4826", longitude="-3.1811")

    assert found["easting"] == pytest.approx(318080, abs=60)
    assert found["northing"] == pytest.approx(176620, abs=60)


def test_eastings_come_before_degrees():
    found = one(easting="318634", northing="176134", latitude="52", longitude="-1")

    assert found["easting"] == 318634


@pytest.mark.parametrize(
    "cells",
    [
        {"latitude": "-3.18", "longitude": "51.48"},  # swapped
        {"latitude": "40.7", "longitude": "-74.0"},
        {"easting": "318.6", "northing": "176.1"},  # kilometres
        {"easting": "-318634", "northing": "176134"},
        {"easting": "318634", "northing": None},
        {"easting": "ST1876", "northing": "x"},
        {"easting": "1e400", "northing": "176134"},
    ],
)
def test_points_outside_great_britain_or_unreadable_are_refused(cells):
    found = one(**cells)

    assert found[["easting", "northing"]].isna().all()
    assert found["refused"]


@pytest.mark.parametrize(
    "cells", [{"easting": "0", "northing": "0"}, {"easting": None}, {"latitude": "0"}]
)
def test_zeros_and_blanks_are_no_coordinates_and_no_fault(cells):
    assert one(**cells).isna().tolist()[:2] == [True, True]
    assert not one(**cells)["refused"]


def test_no_column_at_all_gives_no_points():
    found = points(pd.DataFrame({"other": ["x"]}, index=[5]))

    assert found.index.tolist() == [5]
    assert not found["refused"].any()


def test_degrees_that_are_none_become_missing():
    east, north = to_british_grid(pd.Series([-3.0]), pd.Series([95.0]))

    assert east.isna().all()
    assert north.isna().all()


def test_only_codes_of_small_areas_are_kept():
    found = written_area_codes(
        pd.Series(["w01002019", "E01000001", "CF10 1AA", "Cardiff 032F", None, "E77120034", "٩01"])
    )

    assert found.tolist()[:2] == ["W01002019", "E01000001"]
    assert found.isna().tolist()[2:] == [True] * 5
