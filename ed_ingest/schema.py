"""Read the contract as data: schemas/*.json, schemas/vocabulary/*.csv, schemas/layouts/*.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

Role = Literal["keep", "coarsen", "identifier", "transient"]


# Properties of a Table Schema field that say how its text is read.
_READING = ("trueValues", "falseValues", "bareNumber", "decimalChar", "groupChar")


@dataclass(frozen=True)
class Field:
    """One column: its kind, role and what its values must be.

    Attributes
    ----------
    kind, format, constraints
        Type, format and constraints of the Table Schema; the constraints that the product itself
        asks for stand in attributes of their own too.
    missing_values
        Texts that stand for no value.
    reading
        Properties that say how text is read (``trueValues``, ``decimalChar`` …).
    """

    name: str
    kind: str
    role: Role
    title: str
    description: str
    unit: str | None
    required: bool
    codes: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    format: str
    constraints: Mapping[str, Any]
    missing_values: tuple[str, ...]
    reading: Mapping[str, Any]


@dataclass(frozen=True)
class TableSpec:
    """What a table must look like.

    Columns are matched by name; a table may have more (``fieldsMatch: subset``).
    """

    name: str
    title: str
    fields: Mapping[str, Field]
    primary_key: tuple[str, ...]
    description: str = ""

    def names(self, *roles: Role) -> list[str]:
        """Names of the columns with these roles, in the schema's order; all columns for no role."""
        return [f.name for f in self.fields.values() if not roles or f.role in roles]

    @property
    def contract(self) -> list[str]:
        """Names of the columns that are stored and exported."""
        return self.names("keep", "coarsen")


def schema_folder() -> Traversable:
    """Where the schemas lie: inside the installed package, or beside it in a source tree."""
    installed = files("ed_ingest") / "_schemas"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "schemas"


@cache
def load_spec(name: str) -> TableSpec:
    """Read one table's schema by its name, e.g. ``ed_assault``."""
    document = json.loads((schema_folder() / f"{name}.json").read_text(encoding="utf-8"))
    return table_spec(document)


def table_spec(document: Mapping[str, Any]) -> TableSpec:
    """Turn a Table Schema (Data Package v2), as read from JSON, into what a table must look like.

    Raises
    ------
    ValueError
        If columns are to be matched otherwise than by name with others allowed beside them.
    """
    if document.get("fieldsMatch") != "subset":
        raise ValueError("fieldsMatch: only subset is known.")
    missing = tuple(document.get("missingValues", [""]))
    key = document.get("primaryKey", [])
    fields = {entry["name"]: _field(entry, missing) for entry in document["fields"]}
    return TableSpec(
        name=document.get("name", ""),
        title=document.get("title", ""),
        fields=MappingProxyType(fields),
        primary_key=(key,) if isinstance(key, str) else tuple(key),
        description=document.get("description", ""),
    )


def _field(entry: Mapping[str, Any], missing_values: tuple[str, ...]) -> Field:
    constraints = entry.get("constraints", {})
    return Field(
        name=entry["name"],
        kind=entry["type"],
        role=entry.get("role", "transient"),
        title=entry.get("title", ""),
        description=entry.get("description", ""),
        unit=entry.get("unit"),
        required=constraints.get("required", False),
        codes=tuple(constraints.get("enum", ())),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        format=entry.get("format", "default"),
        constraints=MappingProxyType(constraints),
        missing_values=tuple(entry.get("missingValues", missing_values)),
        reading=MappingProxyType({name: entry[name] for name in _READING if name in entry}),
    )


@cache
def load_vocabulary(name: str) -> pd.DataFrame:
    """Read one vocabulary, e.g. ``assault_method``: all columns as text, no cell missing."""
    return _read_table("vocabulary", name)


@cache
def load_headings(lexicon: str) -> pd.DataFrame:
    """Read what headings mean: ``words`` (with choices in brackets) and ``meaning``.

    Of police.uk's files, which have few: ``column`` and ``heading``.
    """
    return _read_table("layouts", lexicon)


@cache
def load_heading_abbreviations() -> pd.DataFrame:
    """Read the abbreviations in headings: ``short, long``."""
    return _read_table("layouts", "abbreviations")


@cache
def load_national_codes() -> pd.DataFrame:
    """Read the codes of NHS data items: ``item, heading, column, code, means, words``."""
    return _read_table("layouts", "national_codes")


def _read_table(folder: str, name: str) -> pd.DataFrame:
    with (schema_folder() / folder / f"{name}.csv").open("r", encoding="utf-8") as handle:
        return pd.read_csv(handle, dtype=str, keep_default_na=False, comment="#")


@cache
def load_layout(name: str) -> Mapping[str, Any]:
    """Read a known layout, e.g. ``police-uk-street``: the tables of a provider's file.

    Raises
    ------
    KeyError
        If no layout has this name.
    """
    path = schema_folder() / "layouts" / f"{name}.toml"
    if not path.is_file():
        raise KeyError(name)
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))


def layout_names() -> list[str]:
    """Names of all known layouts."""
    folder = schema_folder() / "layouts"
    return sorted(
        p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")
    )
