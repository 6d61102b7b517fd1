"""Findings as bytes and back: exact, whatever is in them, and nothing of another version."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import findings_code
from hotspots.findings_code import decode_findings, encode_findings
from hotspots.tables import ChangeFindings, Comparison
from tests.ed_ingest.contract_rows import crimes
from tests.hotspots.town import areas, findings, gazetteer, spread_out

AROUND = shapely.box(310_000, 170_000, 330_000, 190_000)


@pytest.fixture(scope="module")
def found():
    """Findings with everything that a small town gives, and what it lacks put in by hand."""
    plain = findings(
        *spread_out(30),
        crimes=crimes(*spread_out(12)),
        gazetteer=gazetteer(
            areas=areas(), boundary=shapely.box(310_000, 170_000, 330_000, 190_000)
        ),
        themes=["knife", "domestic_abuse"],
    )
    spots = gpd.GeoDataFrame(
        {"hotspot_id": ["H-1", "H-2"], "ratio": [1 / 3, np.nan]},
        geometry=[shapely.box(0.1, 0, 1 / 3, 1), shapely.box(5, 5, 6, 6)],
        crs="EPSG:27700",
    )
    change = ChangeFindings(
        hot_spots=spots,
        months=pd.DataFrame(
            {"month": pd.PeriodIndex(["2025-01", "2025-02"], freq="M"), "n": [1, 2]}
        ),
        shares=pd.DataFrame({"now": [0.5, np.nan]}, index=pd.Index(["a", "all"], name="provider")),
        now_from=date(2025, 1, 1),
        now_to=date(2025, 3, 31),
        before_from=date(2024, 1, 1),
        before_to=date(2024, 3, 31),
        compared_with="a_year_before",
        providers=("a",),
        left_out=(),
        n_now=3,
        n_before=4,
        is_called=False,
    )
    comparison = Comparison(spots.iloc[:0], spots, n_hospital=np.int64(5), n_police=7)
    return replace(plain, change=change, comparison=comparison, change_note="“–”")


def assert_same(one, other):
    assert type(one) is type(other) or isinstance(one, (int, float, np.number))
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, gpd.GeoDataFrame):
        assert one.crs == other.crs
        assert all(a.equals_exact(b, 0) for a, b in zip(one.geometry, other.geometry, strict=True))
        name = one.geometry.name
        pd.testing.assert_frame_equal(
            pd.DataFrame(one.drop(columns=name)), pd.DataFrame(other.drop(columns=name))
        )
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=True)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, strict=True)
    elif isinstance(one, shapely.geometry.base.BaseGeometry):
        assert one.equals_exact(other, 0)
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == other


def test_findings_come_back_exactly(found):
    assert_same(found, decode_findings(encode_findings(found)))


def test_findings_of_nothing_come_back(found):
    nothing = findings()

    assert nothing.assaults is None
    assert_same(nothing, decode_findings(encode_findings(nothing)))


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"x": [1, 2]}),
        pd.DataFrame({"x": []}),
        pd.DataFrame({"t": pd.array(["a", None], dtype="str")}),
        pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}),
        pd.DataFrame({"when": pd.to_datetime(["2025-01-01", None]).astype("datetime64[s]")}),
        pd.DataFrame({"x": [0.1, np.nan, np.inf]}, index=[7, 3, 5]),
        pd.DataFrame({"x": [1]}, index=pd.MultiIndex.from_tuples([("a", 1)], names=["s", "k"])),
        pd.Series([1.5, np.nan], index=[4, 9]),
        pd.Series(["a", None], dtype="str", name="hotspot_id"),
    ],
)  # fmt: skip
def test_tables_keep_types_index_and_what_is_missing(found, table):
    kept = decode_findings(encode_findings(replace(found, evaluation=table)))

    assert_same(table, kept.evaluation)


def test_the_same_findings_give_the_same_bytes(found):
    assert encode_findings(found) == encode_findings(replace(found))


def test_findings_of_another_form_or_with_other_fields_are_not_taken(found, monkeypatch):
    blob = encode_findings(found)
    monkeypatch.setattr(findings_code, "FORM", findings_code.FORM + 1)
    assert decode_findings(blob) is None

    monkeypatch.undo()
    monkeypatch.delitem(findings_code._CLASSES, "Comparison")
    assert decode_findings(blob) is None


def test_what_cannot_be_kept_is_a_fault(found):
    with pytest.raises(TypeError, match="set cannot be kept"):
        encode_findings(replace(found, evaluation={1}))
