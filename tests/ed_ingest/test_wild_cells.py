"""Fuzzing from the mapping to the checks: whatever the cells hold, nothing breaks or gets lost."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ed_ingest.deidentify import redact_words, seal
from ed_ingest.issues import HELD_BACK
from ed_ingest.layout import apply_mapping
from ed_ingest.levels import HOMES
from ed_ingest.normalise import normalise_attendances
from ed_ingest.places import locate
from ed_ingest.tables import ISSUE_COLUMNS, Normalised
from ed_ingest.validate import validate
from tests.ed_ingest.gazetteer_builder import town
from tests.ed_ingest.wild_cells import SPEC, TEXTS, raw_extracts
from tests.effort import few

RECEIVED = date(2026, 2, 10)
ORDERS = st.sampled_from(["dmy", "mdy", "ymd"])
patient = few(8, deadline=None, suppress_health_check=list(HealthCheck))


def normalised(raw, order="dmy", *, midnight=False):
    mapped = apply_mapping(raw, {str(name): str(name) for name in raw}, where="a file")
    return normalise_attendances(mapped, date_order=order, midnight_is_missing=midnight)


def assert_contract(table):
    """What every later stage relies on."""
    for name, field in SPEC.fields.items():
        if field.codes and name in table:
            assert table[name].isin(field.codes).all(), name
    start, end = table["assault_from"], table["assault_to"]
    assert (start.isna() == end.isna()).all()
    assert (start.dropna() <= end.dropna()).all()
    precision = table["time_precision"]
    assert ((precision == "missing") == start.isna()).all()
    assert (start == end)[precision == "minute"].all()
    assert table.loc[precision == "arrival", "arrived_at"].notna().all()
    assert (table["clock_change"] == "none")[~precision.isin(["minute", "part_of_day"])].all()
    assert (table["easting"].isna() == table["northing"].isna()).all()
    assert table["age"].dropna().between(0, 120).all()


def assert_one_fate_each(normal, result):
    """Stored, held back, dropped as no assault, duplicate: each row exactly one of them."""
    stored, held = set(result.attendances.index), set(result.held_back.index)
    assert not stored & held
    assert (stored | held) <= set(normal.index)
    counted = len(stored) + len(held) + result.n_not_assault + result.n_duplicate
    assert counted == len(normal)
    issues = result.issues
    assert tuple(issues.columns) == ISSUE_COLUMNS
    assert set(issues.loc[issues["fate"] == HELD_BACK, "row"]) == held
    assert set(issues["row"]) <= stored | held
    assert set("".join(issues["shape"])) <= set("9A? :/.-")
    names = set(issues["column"])
    private = issues["column"].isin(["attendance_number", "location_text", ""])
    assert names <= {*SPEC.fields, ""}
    assert (issues.loc[private, "shape"] == "").all()
    assert (issues["remedy"].str.len() > 10).all()


@patient
@given(raw_extracts(), ORDERS, st.booleans())
def test_any_cells_give_codes_and_times_of_the_contract_and_one_fate_each(raw, order, midnight):
    normal = normalised(raw, order, midnight=midnight)

    assert_contract(normal)
    assert_one_fate_each(normal, validate(normal, SPEC, received_on=RECEIVED))


@patient
@given(raw_extracts(cells=TEXTS))
def test_what_is_stored_of_any_cells_is_real_in_time_and_place(raw):
    stored = validate(normalised(raw), SPEC, received_on=RECEIVED).attendances

    assert_contract(stored)
    when = stored["arrived_at"].fillna(stored["assault_from"])
    assert when.notna().all()
    assert when.between(pd.Timestamp(2000, 1, 1), pd.Timestamp(2026, 2, 10, 23, 59)).all()
    assert stored["easting"].dropna().between(5_000, 660_000).all()


TIMES = st.none() | st.datetimes(pd.Timestamp(1700, 1, 1), pd.Timestamp(2200, 1, 1))
SPOILT = {
    "arrived_at": TIMES,
    "assault_from": TIMES,
    "assault_to": TIMES,
    "easting": st.none() | st.floats(-1e6, 1e6),
    "sex": st.sampled_from(["male", "unlisted", None]),
    "attendance_number": st.sampled_from([None, "A-1", "A-2", "9.9E+14"]),
    "is_assault": st.booleans(),
    "_repeat": st.booleans(),
    "_misplaced": st.booleans(),
}


@patient
@given(st.lists(st.fixed_dictionaries(SPOILT), min_size=1, max_size=8))
def test_any_normalised_table_ends_in_one_fate_each(rows):
    cells = pd.DataFrame({"arrived_at": ["03/01/2026 02:50"] * len(rows)}, dtype="str")
    sound = normalised(cells.set_axis(pd.RangeIndex(5, len(rows) + 5, name="row")))
    spoilt = pd.DataFrame(rows, index=sound.index)
    for name in spoilt:
        sound[name] = spoilt[name].astype(sound[name].dtype)

    assert_one_fate_each(sound, validate(Normalised(sound), SPEC, received_on=RECEIVED))


@few(5, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw_extracts(cells=TEXTS), st.sampled_from(["own home", "At home", "address", "Flat"]))
def test_homes_never_get_a_point_or_words(raw, words):
    raw = raw.assign(easting="318020", northing="176010", location_type=words)
    unknown = raw.assign(location_type="", location_text=words)
    both = pd.concat([raw, unknown], ignore_index=True).astype("object")
    both.index = pd.RangeIndex(2, len(both) + 2, name="row")
    stored = validate(normalised(both), SPEC, received_on=RECEIVED).attendances
    places = town()

    sealed = seal(
        locate(redact_words(stored, SPEC, places=places), gazetteer=places),
        SPEC, key=bytes(32), provider="p", source="ed", batch_id="b", agreed=SPEC.contract,
        lsoa_of_homes=True,
    )  # fmt: skip

    # "address" in the column of types is read as none: its point is withheld all the same.
    assert set(sealed["location_level"]) <= {"withheld"}
    assert sealed["location_type"].isin(HOMES).all() or words == "address"
    never = ["easting", "northing", "place_id", "place_name", "location_text"]
    assert sealed[never].isna().all(axis=None)


def test_issues_of_wild_cells_hold_no_cell():
    planted = "Zebedee Quux 9434765919"
    columns = [n for n, f in SPEC.fields.items() if f.role != "identifier" and n != "lsoa_code"]
    raw = pd.DataFrame({name: [planted, f"{planted} x"] for name in columns}, dtype="str")
    raw["arrived_at"] = ["03/01/2026 02:50", "31/02/2026"]
    normal = normalised(raw.set_axis(pd.RangeIndex(2, 4, name="row")))
    written = io.StringIO()

    validate(normal, SPEC, received_on=RECEIVED).issues.to_csv(written)

    for secret in ("zebedee", "quux", "9434765919"):
        assert secret not in written.getvalue().casefold()
