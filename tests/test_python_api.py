"""The public names: there, quick to import, typed, documented, and kept."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import inspect
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

import ed_ingest
import hotspots
from ed_ingest import errors
from tests import public_names
from tests.public_names import PAGE, ROOT, SNAPSHOT, functions, public_values, table, told, written

PACKAGES = (ed_ingest, hotspots)
HEAVY = {"pandas", "numpy", "geopandas", "shapely", "scipy", "sklearn", "numba"}
WHAT_A_CHANGE_NEEDS = (
    "A public name changed. Keep the old call working for two minor versions with a "
    "DeprecationWarning, write a line under Deprecated in CHANGELOG.md, and then renew the table "
    "and tests/data/public_names.txt with: python -m tests.public_names"
)
WHAT_AN_ADDITION_NEEDS = (
    "A public name or parameter was added. Write a line in CHANGELOG.md, then renew the table and "
    "tests/data/public_names.txt with: python -m tests.public_names"
)


def kept(line: str, now: str) -> bool:
    """Whether what the snapshot promises of a name still holds."""
    if ": " in line and "(" not in line:
        fields, those_now = (set(text.split(": ")[1].split(", ")) for text in (line, now))
        return fields <= those_now
    before, after = (re.fullmatch(r"([^(]*)(?:\((.*)\) -> (.*))?", text) for text in (line, now))
    parts, parts_now = (_arguments(m[2] or "") for m in (before, after))
    positional, positional_now = (p[: p.index("*")] if "*" in p else p for p in (parts, parts_now))
    new = [part for part in parts_now if part not in parts]
    return (
        (before[1], before[3]) == (after[1], after[3])
        and positional == positional_now
        and set(parts) <= set(parts_now)
        and all("=" in part or part == "*" for part in new)
    )


def _arguments(text: str) -> list[str]:
    """Parameters of a call; the commas within a default's brackets part nothing."""
    return [part for part in re.split(r", (?![^(]*\))", text) if part]


def test_every_public_name_that_was_promised_is_kept():
    now = {name: told(name, value) for name, value in public_values().items()}
    for line in SNAPSHOT.read_text(encoding="utf-8").splitlines():
        name = re.match(r"[\w.]+", line)[0]
        assert name in now, f"{name} is gone. {WHAT_A_CHANGE_NEEDS}"
        assert kept(line, now[name]), f"{name} is not as promised. {WHAT_A_CHANGE_NEEDS}"


def test_what_was_added_to_the_public_names_is_promised_too():
    promised = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    calls = {told(name, value) for name, value in functions().items()}
    names = {re.match(r"[\w.]+", line)[0] for line in promised}

    assert calls <= set(promised), WHAT_AN_ADDITION_NEEDS
    assert set(public_values()) == names, WHAT_AN_ADDITION_NEEDS


@pytest.mark.parametrize(
    ("now", "is_kept"),
    [
        ("p.f(x, y, *, a, b=1) -> Grid", True),
        ("p.f(x, y, *, a, b=1, c=(1, 2)) -> Grid", True),
        ("p.f(x, y, *, a, b=1, c) -> Grid", False),  # a new one that must be given
        ("p.f(x, y, *, a, b=2) -> Grid", False),
        ("p.f(x, y, *, a) -> Grid", False),
        ("p.f(y, x, *, a, b=1) -> Grid", False),
        ("p.f(x, y, z=1, *, a, b=1) -> Grid", False),
        ("p.f(x, y, *, a, b=1) -> Surface", False),
        ("p.f(x, y, a, b=1) -> Grid", False),
    ],
)
def test_a_broken_promise_is_found(now, is_kept):
    assert kept("p.f(x, y, *, a, b=1) -> Grid", now) == is_kept


def test_a_field_may_be_added_and_none_taken_away():
    assert kept("p.C: a, b", "p.C: a, b, c")
    assert not kept("p.C: a, b", "p.C: a, c")


def test_the_table_in_the_guide_is_in_step():
    assert written(PAGE.read_text(encoding="utf-8")) == table(), WHAT_AN_ADDITION_NEEDS


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_the_type_checker_and_the_interpreter_see_the_same_names(package):
    source = Path(package.__file__).read_text(encoding="utf-8")
    (checked,) = (n for n in ast.parse(source).body if isinstance(n, ast.If) and not n.orelse
                  and isinstance(n.test, ast.Name))  # fmt: skip
    for_types = {
        alias.name: node.module.removeprefix(f"{package.__name__}.")
        for node in checked.body
        for alias in node.names
    }

    assert for_types == package._MODULES
    assert sorted([*for_types, "__version__"]) == sorted(package.__all__)
    assert set(package.__all__) <= set(dir(package))
    assert (Path(package.__file__).parent / "py.typed").is_file()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_no_public_name_is_that_of_a_module(package):
    # Whichever was imported last would win.
    modules = {path.stem for path in Path(package.__file__).parent.glob("*.py")}

    assert not modules & set(package.__all__)


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="no attribute 'kernel_densty'"):
        _ = hotspots.kernel_densty


def test_importing_the_packages_loads_nothing_heavy():
    code = "import json, sys, ed_ingest, hotspots; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert not HEAVY & set(json.loads(done.stdout))


def sections(value: object) -> dict[str, str]:
    """Sections of a numpydoc docstring, by title."""
    parts = re.split(r"^(\w+)\n-+\n", inspect.getdoc(value) or "", flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", sorted(functions()))
def test_every_public_function_tells_what_it_takes_gives_and_refuses(name):
    function = functions()[name]
    found = sections(function)
    given = [line.strip() for line in found["Parameters"].splitlines() if line[:1].strip()]
    listed = {part.strip() for line in given for part in line.split(",")}

    assert listed == set(inspect.signature(function).parameters)
    assert "Returns" in found or inspect.signature(function).return_annotation == "None"
    raised = re.findall(r"^(\w+)$", found["Raises"], flags=re.MULTILINE)
    assert raised
    assert all(issubclass(getattr(errors, error), errors.EdHotspotsError) for error in raised)


@pytest.mark.parametrize(
    "name", sorted(n for n, v in public_values().items() if dataclasses.is_dataclass(v))
)
def test_every_public_class_says_what_it_is(name):
    assert (inspect.getdoc(public_values()[name]) or "").strip()


POINT = "one number for each event"
GRID = hotspots.make_grid((0, 0, 500, 500), cell_m=100)
CALLS = {
    "kernel_density": lambda x, y: hotspots.kernel_density(x, y, grid=GRID, bandwidth_m=100),
    "count_in_cells": lambda x, y: hotspots.count_in_cells(x, y, grid=GRID),
    "dbscan": lambda x, y: hotspots.dbscan(x, y, eps_m=50, min_samples=2),
    "st_dbscan": lambda x, y: hotspots.st_dbscan(
        x, y, [1, 2, 3], eps_m=50, eps_time=1, min_samples=2
    ),
    "knox": lambda x, y: hotspots.knox(x, y, [1, 2, 3], distances_m=[9], times=[1]),
    "choose_bandwidth": hotspots.choose_bandwidth,
    "suggest_parameters": lambda x, y: hotspots.suggest_parameters(x, y, min_samples=2),
}
Y = [10.0, 20.0, 30.0]
BAD_X = {
    "too few": [1.0, 2.0],
    "missing": [np.nan, 1.0, 2.0],
    "infinite": [np.inf, 1.0, 2.0],
    "none": None,
    "words": ["west", "east", "mid"],
    "numbers in words": pd.Series(["1", "2", "3"]),
    "dates": pd.Series(pd.to_datetime(["2026-01-01"] * 3)),
    "lists within": [[1.0], [2.0, 3.0], [4.0]],
    "two dimensions": np.ones((3, 2)),
    "one number": 1.0,
    "missing in a nullable column": pd.Series([1, 2, pd.NA], dtype="Int64"),
    "complex": [1j, 2, 3],
}


@pytest.mark.parametrize("call", sorted(CALLS))
@pytest.mark.parametrize("bad", sorted(BAD_X))
def test_a_coordinate_that_is_none_is_refused_in_one_sentence(call, bad):
    with pytest.raises(errors.AnalysisError) as refused:
        CALLS[call](BAD_X[bad], Y)

    assert re.fullmatch(r"[A-Z\w].{20,200}\.", str(refused.value))


@pytest.mark.parametrize("call", ["kernel_density", "count_in_cells", "dbscan"])
def test_lists_arrays_and_columns_of_any_index_are_the_same(call):
    x = [110.0, 220.0, 330.0]
    odd = pd.Series(x, index=[7, 7, "a"]), pd.Series(Y, index=[9, 1, 5])
    results = [CALLS[call](x, Y), CALLS[call](np.array(x), tuple(Y)), CALLS[call](*odd)]
    values = [getattr(found, "values", found) for found in results]

    np.testing.assert_array_equal(values[1], values[0])
    np.testing.assert_array_equal(values[2], values[0])


@pytest.mark.parametrize("call", ["kernel_density", "count_in_cells", "dbscan"])
def test_no_event_at_all_is_an_answer(call):
    found = CALLS[call]([], [])

    assert np.all(np.asarray(getattr(found, "values", found), float)[..., -1:] == 0)


@pytest.mark.parametrize("wrong", [-1, 0, np.nan, np.inf, "200", None, [200], np.array([200.0])])
@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: hotspots.kernel_density(Y, Y, grid=GRID, bandwidth_m=wrong),
        lambda wrong: hotspots.dbscan(Y, Y, eps_m=wrong, min_samples=2),
        lambda wrong: hotspots.dbscan(Y, Y, eps_m=50, min_samples=wrong),
        lambda wrong: hotspots.make_grid((0, 0, 500, 500), cell_m=wrong),
    ],
    ids=["bandwidth_m", "eps_m", "min_samples", "cell_m"],
)
def test_a_length_that_is_no_number_above_zero_is_refused(call, wrong):
    with pytest.raises(errors.AnalysisError, match=r"^[A-Z\w].*\.$"):
        call(wrong)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: hotspots.make_grid((0, 0, 500), cell_m=50), "four bounds"),
        (lambda: hotspots.make_grid("the town", cell_m=50), "four bounds"),
        (lambda: hotspots.make_grid(shapely.Polygon(), cell_m=50), "area is empty"),
        (lambda: hotspots.gi_star(GRID, neighbour_distance_m=9), "grid: no column n"),
        (lambda: hotspots.gi_star(GRID.assign(n="a"), neighbour_distance_m=9), "n must be one"),
        (lambda: hotspots.kernel_density(Y, Y, grid=None, bandwidth_m=9), "grid must be"),
        (
            lambda: hotspots.kernel_density(Y, Y, grid=GRID, bandwidth_m=9, boundary="town"),
            "boundary must be",
        ),
        (
            lambda: hotspots.kernel_density(
                Y, Y, grid=GRID, bandwidth_m=9, uncertainty_m=[np.inf] * 3
            ),
            "uncertainties",
        ),
        (lambda: hotspots.pai("1", 2, 1, 2), "hits must be one number"),
        (lambda: hotspots.pai(1, np.inf, 1, 2), "Hits lie between"),
        (lambda: hotspots.score_map([1, 2], [0.5]), "whole numbers"),
        (lambda: hotspots.score_map([1, 2], [np.nan]), "whole numbers"),
        (lambda: hotspots.analyse(None, None, {}, gazetteer=None, partnership="", provider_names={},
                                  period_to=None), "assaults must be a pandas DataFrame"),
        (lambda: hotspots.disclose(None, threshold=5, method="round5", premises_names=False,
                                   marking=""), "findings must be a Findings"),
        (lambda: hotspots.write_tables({}, "folder"), "publishable must be a Publishable"),
        (lambda: hotspots.publish_month("workspace"), "workspace must be a Workspace"),
        (lambda: ed_ingest.redact(["at the Lion"], places=None), "places must be a Gazetteer"),
        (lambda: ed_ingest.assault_method("glassed"), "texts must be a column of texts"),
        (lambda: ed_ingest.link(pd.DataFrame(), pd.DataFrame()), "assaults: no column event_id"),
        (lambda: ed_ingest.link(None, None, threshold=2), "threshold must be a number from 0 to 1"),
        (lambda: ed_ingest.load_gazetteer(None), "folder must be a path"),
        (lambda: ed_ingest.open_workspace("nowhere"), "no workspace here"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_name(call, sentence):
    with pytest.raises(errors.EdHotspotsError, match=sentence):
        call()


def test_a_context_on_another_index_is_refused_since_homes_would_be_placed(tmp_path):
    places = ed_ingest.load_gazetteer(tmp_path)
    words = pd.Series(["Castle Street"], index=[3])

    with pytest.raises(errors.AnalysisError, match="on the index of texts"):
        ed_ingest.find_places(
            words, gazetteer=places, context=pd.DataFrame({"location_type": ["own_home"]})
        )


def python_blocks(*, at_length: bool) -> str:
    """The guide's blocks: those that take their time, or the others."""
    found = re.findall(
        r"(<!-- not run: [^\n]*-->\n)?^```python\n(.*?)^```",
        PAGE.read_text(encoding="utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
    return "\n".join(text for note, text in found if at_length or not note)


def run_guide(code: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, PAGE.name, "exec"), {})  # noqa: S102 (the document's own blocks)
    return printed.getvalue()


def test_the_guide_runs_as_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run_guide(python_blocks(at_length=False))

    assert "Quill" not in said
    assert "14" not in said.splitlines()[0]
    assert "['body_part', 'glass', 'sharp_object']" in said
    assert "['licensed_premises', 'street', 'own_home']" in said
    assert "90 events around 318" in said or "events around 318" in said
    assert "The bandwidth must be a number of metres above 0." in said
    assert {path.name for path in tmp_path.iterdir()} >= {
        "density.png", "density.pgw", "density.tif", "density.gpkg",
    }  # fmt: skip


@pytest.mark.long
def test_the_guide_runs_to_its_end(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run_guide(python_blocks(at_length=True))

    assert "known to the police" in said
    assert (tmp_path / "by-hand" / "hotspots.gpkg").is_file()


def test_the_guide_names_nothing_that_is_not_there():
    for node in ast.walk(ast.parse(python_blocks(at_length=True))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            package = {"hotspots": hotspots, "ed_ingest": ed_ingest}.get(node.value.id)
            assert package is None or node.attr in package.__all__


def test_the_snapshot_is_written_as_the_code_tells_it():
    assert public_names.snapshot().splitlines() == sorted(public_names.snapshot().splitlines())
