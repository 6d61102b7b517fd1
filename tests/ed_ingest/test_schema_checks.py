"""The schema engine beside its referee, frictionless, and by hand."""

from __future__ import annotations

import csv
import json
import random
import re
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from frictionless import Resource
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.schema import load_spec, schema_folder, table_spec
from ed_ingest.schema_checks import BLANK_ROW, PRIMARY_KEY, absent_columns, failing_cells
from tests.effort import few, times

OWN = ("ed_assault", "police_crime", "assault_counts", "issues", "batches", "links")
EVERYTHING = {
    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
    "fieldsMatch": "subset",
    "missingValues": ["", "NK", "-"],
    "primaryKey": ["number", "day"],
    "fields": [
        {"name": "text", "type": "string", "constraints": {"minLength": 2, "maxLength": 8}},
        {"name": "form", "type": "string", "constraints": {"pattern": "[A-Z]{2}\\d+|x.*"}},
        {"name": "code", "type": "string", "constraints": {"required": True, "enum": ["1", "yes"]}},
        {"name": "once", "type": "string", "constraints": {"unique": True}},
        {"name": "whole", "type": "integer", "missingValues": ["", "99"],
         "constraints": {"minimum": 0, "maximum": 10**15, "unique": True}},
        {"name": "few", "type": "integer", "constraints": {"enum": [1, 2, 10]}},
        {"name": "number", "type": "number", "constraints": {"minimum": 0.05, "maximum": 1}},
        {"name": "strict", "type": "number",
         "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 100000}},
        {"name": "money", "type": "number", "bareNumber": False, "groupChar": ",",
         "decimalChar": "."},
        {"name": "comma", "type": "number", "decimalChar": ",", "constraints": {"unique": True}},
        {"name": "flag", "type": "boolean", "constraints": {"unique": True}},
        {"name": "ja", "type": "boolean", "trueValues": ["ie", "1"], "falseValues": ["na"],
         "constraints": {"enum": [True]}},
        {"name": "day", "type": "date"},
        {"name": "uk_day", "type": "date", "format": "%d/%m/%Y",
         "constraints": {"minimum": "01/01/2000"}},
        {"name": "any_day", "type": "date", "format": "any"},
        {"name": "moment", "type": "datetime"},
        {"name": "minute", "type": "datetime", "format": "%Y-%m-%d %H:%M"},
        {"name": "clock", "type": "time"},
        {"name": "hhmm", "type": "time", "format": "%H:%M", "constraints": {"maximum": "12:00"}},
    ],
}  # fmt: skip
AWKWARD = (
    "", "", " ", "NK", "-", "99", "NaN", "nan", "-inf", "Infinity", "0", "-0", "+1", " 1", "1 ",
    "1_0", "1e5", "1E-3", ".5", "5.", "1.0", "01", "0x1A", "1,000", "£1,000.50", "1,5", "0.05", "1",
    "0.0500000000000000000001", "0.04999999999999999999999", "1.00000000000000000001",
    "1000000000000000", "1000000000000001", "9" * 30, "9" * 5000, "١٢", "²", "½", "true", "TRUE",
    "True", "yes", "ie", "na", "AB12", "AB12\n", "xyz, \"q\"", "it's", "'", "ŵy", "😀", "a" * 3000,
    "31/02/2026", "28/02/2026", "1/2/2026", "01/02/26", "2026-02-28", "2026-2-8", "2026-02-30",
    " 2026-02-28", "0001-01-01", "9999-12-31", "10000-01-01", "٢٠٢٦-٠١-٠١", "2026-02-28 01:30",
    "2026-02-28  01:30", "2026-02-28 1:3", "2026-02-28 24:00", "2026-02-28T01:30:00",
    "2026-02-28T01:30:00Z", "2026-02-28 01:30:00", "2026-02-28T01:30", "01:30", "1:30", "24:00",
    "01:30:00", "01:30:00Z", "12:01", "28 Feb 2026", "soon", "None", "\ttab", "0000",
)  # fmt: skip


def spoken_rules(errors):
    """Row label, column and rule of each of the referee's errors, in our words."""
    row_rules = {"blank-row": BLANK_ROW, "primary-key": PRIMARY_KEY}
    for error in errors:
        if error.type == "missing-label":
            continue
        if error.type in row_rules:
            yield error.row_number, "", row_rules[error.type]
        elif error.type == "constraint-error":
            yield error.row_number, error.field_name, re.match(r'constraint "(\w+)"', error.note)[1]
        else:
            yield error.row_number, error.field_name, error.type.removesuffix("-error")


def refereed(table, document, folder):
    """What frictionless says of the same cells as a CSV file, and the columns it misses."""
    with (folder / "cells.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows(table.fillna("").to_numpy())
    plain = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": "cells",
        "path": "cells.csv",
        "encoding": "utf-8",
        "dialect": {"csv": {**plain, "lineTerminator": "\r\n"}},
        "schema": document,
    }
    resource = Resource.from_descriptor(described, basepath=str(folder))
    report = resource.validate(limit_errors=10**6)
    errors = report.tasks[0].errors
    absent = [error.field_name for error in errors if error.type == "missing-label"]
    return sorted(spoken_rules(errors)), absent


def ours(table, spec):
    return sorted(failing_cells(table, spec).itertuples(index=False, name=None))


def random_cells(document, *, rows, seed):
    """Text cells of all columns and one that the schema does not name: right, and awkward ones."""
    rng = random.Random(seed)  # noqa: S311

    def cell(field):
        codes = field.get("constraints", {}).get("enum", ["1", "0.5", "2026-02-28", "12"])
        right = {"date": "2026-02-28", "datetime": "2026-02-28 01:30"}.get(field["type"])
        choice = rng.random()
        if choice < 0.5:
            return rng.choice(AWKWARD)
        return right if right and choice < 0.75 else str(rng.choice(codes))

    fields = [*document["fields"], {"name": "not in the schema", "type": "string"}]
    rng.shuffle(fields)
    table = {f["name"]: [cell(f) for _ in range(rows)] for f in fields if rng.random() < 0.95}
    made = pd.DataFrame(table, dtype="str").set_axis(pd.RangeIndex(2, rows + 2, name="row"))
    made.iloc[rng.randrange(rows)] = ""
    made.iloc[rng.randrange(rows)] = None
    return made


@pytest.mark.parametrize("name", ["everything", *OWN])
def test_exactly_the_cells_that_frictionless_flags(name, tmp_path):
    document = EVERYTHING
    if name != "everything":
        document = json.loads((schema_folder() / f"{name}.json").read_text(encoding="utf-8"))
    spec = table_spec(document)
    for seed in range(times(2)):
        table = random_cells(document, rows=80, seed=seed)
        theirs, absent = refereed(table, document, tmp_path)

        assert ours(table, spec) == theirs
        assert sorted(absent_columns(table, spec)) == sorted(absent)
        assert theirs


@few(12, deadline=None)
@given(data=st.data())
def test_any_text_is_judged_as_frictionless_judges_it(data, tmp_path_factory):
    field = data.draw(st.sampled_from(EVERYTHING["fields"]))
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")
    likely = st.text(alphabet="0123456789-/:. +eE_TZ,", max_size=20)
    cells = data.draw(st.lists(likely | st.text(alphabet=alphabet), min_size=1, max_size=8))
    document = {**EVERYTHING, "primaryKey": [], "fields": [field]}
    table = pd.DataFrame({field["name"]: cells, "beside": "x"}, dtype="str")
    table.index = pd.RangeIndex(2, len(cells) + 2)

    theirs, _ = refereed(table, document, tmp_path_factory.getbasetemp())

    assert ours(table, table_spec(document)) == theirs


def one_field(**field):
    return table_spec({"fieldsMatch": "subset", "fields": [{"name": "it", **field}]})


def rules_of(cells, spec, dtype=None):
    table = pd.DataFrame({"it": pd.Series(cells, dtype=dtype), "beside": "x"})
    return [(row, rule) for row, _, rule in ours(table, spec)]


def test_typed_cells_are_judged_by_their_type():
    bounds = {"required": True, "minimum": 0, "maximum": 700_000}
    number, whole = one_field(type="number", constraints=bounds), one_field(type="integer")

    assert rules_of([0.0, 700_000.0, 700_000.5, -1, None], number) == [
        (2, "maximum"), (3, "minimum"), (4, "required"),
    ]  # fmt: skip
    assert rules_of([1.0, 2.5, np.inf, None], whole) == [(1, "type"), (2, "type")]
    assert rules_of([1, True, 1.0, "1", "x", None], whole, "object") == [(1, "type"), (4, "type")]
    assert rules_of([True, False], number) == [(0, "type"), (1, "type")]


def test_typed_times_are_judged_by_their_type():
    times = pd.to_datetime(["2026-02-28 00:00", "2026-02-28 01:30", None])

    assert rules_of(times, one_field(type="datetime")) == []
    assert rules_of(times, one_field(type="date")) == [(1, "type")]
    assert rules_of(times, one_field(type="string")) == [(0, "type"), (1, "type")]
    late = one_field(type="datetime", constraints={"maximum": "2026-02-28T01:00:00"})
    assert rules_of(times, late) == [(1, "maximum")]
    objects = [date(2026, 1, 1), datetime(2026, 1, 1, 1), None, "2026-01-01"]
    assert rules_of(objects, one_field(type="date"), "object") == [(1, "type")]


def test_a_row_equal_in_its_key_is_flagged_whatever_way_its_numbers_are_written():
    spec = table_spec(
        {
            "fieldsMatch": "subset",
            "primaryKey": ["a", "b"],
            "fields": [{"name": "a", "type": "number"}, {"name": "b", "type": "string"}],
        }
    )
    table = pd.DataFrame(
        {"a": ["1", "1.0", "1", "", "NaN", "NaN"], "b": ["x", "x", "y", "", "", ""]}
    )

    assert ours(table, spec) == [(1, "", PRIMARY_KEY), (3, "", BLANK_ROW), (3, "", PRIMARY_KEY)]


def test_a_signalling_nan_breaks_the_bounds():
    spec = one_field(type="number", constraints={"minimum": 0})

    assert rules_of(["sNaN", "NaN", "1"], spec) == [(0, "minimum"), (1, "minimum")]


def test_an_empty_table_breaks_no_rule():
    spec = load_spec("ed_assault")
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in spec.contract})

    found = failing_cells(empty, spec)

    assert found.empty
    assert list(found.columns) == ["row", "column", "rule"]


def test_what_is_not_known_is_refused():
    with pytest.raises(ValueError, match="geopoint"):
        rules_of(["1"], one_field(type="geopoint"))
    with pytest.raises(ValueError, match="fieldsMatch"):
        table_spec({"fields": [], "fieldsMatch": "exact"})
