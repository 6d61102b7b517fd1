"""The page for a DPIA keeps in step with the schemas and the settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ed_ingest.schema import load_spec
from ed_ingest.settings import RetentionSettings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "dpia.md").read_text(encoding="utf-8")
HEADINGS = {
    "ed_assault": "### Assaults, from hospitals",
    "police_crime": "### Crimes, from the police",
    "assault_counts": "### Counts, from hospitals that may share no records",
}


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the one table of a section, without its head."""
    section = TEXT.split(heading)[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("table", HEADINGS)
def test_every_item_of_a_schema_stands_once_with_its_role(table):
    told = [
        (name, cells[1])
        for cells in rows_under(HEADINGS[table])
        for name in re.findall(r"`(\w+)`", cells[0])
    ]
    fields = load_spec(table).fields

    assert sorted(told) == sorted((name, field.role) for name, field in fields.items())


def test_what_names_people_is_kept_as_nothing():
    of_people = [cells for table in HEADINGS.values() for cells in rows_under(table)
                 if cells[1] == "identifier"]  # fmt: skip

    assert len(of_people) == 2
    assert {cells[3] for cells in of_people} == {"nothing"}


def test_only_age_band_and_sex_need_to_be_named():
    named = {
        name
        for cells in rows_under(HEADINGS["ed_assault"])
        if cells[4] == "only where named"
        for name in re.findall(r"`(\w+)`", cells[0])
    }
    assert named == {"age_band", "sex", "age", "date_of_birth"}


def test_every_retention_setting_stands_with_its_default():
    told = {
        cells[2].strip("`"): cells[3] for cells in rows_under("## How long, and where") if cells[2]
    }
    defaults = {
        name: "none" if field.default is None else str(field.default)
        for name, field in RetentionSettings.model_fields.items()
    }

    assert set(told) == set(defaults)
    for name, default in defaults.items():
        assert re.match(rf"{default}\b", told[name]), name


def test_what_the_controller_decides_is_marked():
    assert TEXT.count("The controller decides") >= 5


def test_figures_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for figure in ("98.6 %", "95.9 %", "27,000"):
        assert figure in TEXT
        assert figure in readme
