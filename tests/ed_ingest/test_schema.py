"""The schemas are the contract as data: they must say what docs/contract.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ed_ingest.schema import layout_names, load_layout, load_spec, schema_folder
from ed_ingest.store import TABLES

CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")


def contract_table(title: str) -> dict[str, tuple[str, str]]:
    """Column -> (kind, meaning) as the contract's table under `title` gives them."""
    section = CONTRACT.split(f"## `{title}`")[1].split("\n## ")[0]
    columns = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        for name in re.findall(r"`(\w+)`", cells[0]):
            columns[name] = (cells[1], cells[2])
    return columns


def codes_in(kind: str, meaning: str) -> set[str]:
    """Every code that the contract's row names (for `yes`-`no` rows they stand under kind)."""
    text = kind if "`" in kind else meaning.split(": what kind")[0]
    return set(re.findall(r"`([a-z0-9_+-]+)`", text))


@pytest.mark.parametrize(
    ("title", "schema"), [("assaults", "ed_assault"), ("crimes", "police_crime")]
)
def test_contract_and_schema_name_the_same_columns_in_the_same_order(title, schema):
    assert load_spec(schema).contract == list(contract_table(title))


@pytest.mark.parametrize(
    ("title", "schema"), [("assaults", "ed_assault"), ("crimes", "police_crime")]
)
def test_every_code_of_a_schema_stands_in_the_contract(title, schema):
    table = contract_table(title)
    for name, field in load_spec(schema).fields.items():
        if field.codes and field.role in ("keep", "coarsen"):
            named = codes_in(*table[name])
            missing = (
                set(field.codes) - named - {"none"}
                if name == "clock_change"
                else (set(field.codes) - named)
            )
            assert not missing, f"{schema}.{name}: not in the contract: {missing}"


def test_no_code_of_the_contract_is_left_out_of_the_schema():
    table = contract_table("assaults")
    spec = load_spec("ed_assault")
    for name in ("assault_method", "location_type", "location_level", "time_precision", "sex"):
        assert codes_in(*table[name]) <= set(spec.fields[name].codes), name


def test_links_have_the_columns_that_the_contract_names():
    sentence = CONTRACT.split("## `links`")[1].split("\n\n")[1]
    assert load_spec("links").contract == re.findall(r"`(\w+)`", sentence)[:5]


def test_identifiers_are_never_part_of_a_stored_table():
    for schema in TABLES.values():
        spec = load_spec(schema)
        assert not set(spec.contract) & set(spec.names("identifier", "transient"))


def test_every_column_tells_what_it_is():
    for path in schema_folder().iterdir():
        if path.name.endswith(".json"):
            for field in load_spec(path.name.removesuffix(".json")).fields.values():
                assert field.title
                assert field.description.endswith(".")


def test_coordinates_and_durations_say_their_unit():
    for schema in TABLES.values():
        for name, field in load_spec(schema).fields.items():
            if field.kind == "number" and field.role != "identifier":
                assert field.unit, f"{schema}.{name}"


def test_known_layouts_map_only_names_of_their_schema():
    for name in layout_names():
        layout = load_layout(name)
        spec = load_spec({"ed": "ed_assault", "police": "police_crime"}[layout["kind"]])
        assert set(layout["columns"]) <= set(spec.names("keep", "coarsen", "transient")), name


def test_an_unknown_layout_is_an_error():
    with pytest.raises(KeyError):
        load_layout("no-such-layout")
