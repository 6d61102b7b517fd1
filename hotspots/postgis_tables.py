"""Tables of the PostGIS copy, as SQL: columns, keys, checks and comments from schemas/*.json."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ed_ingest.schema import Field, TableSpec, load_spec

# How the tables are made; counted up when this module makes them otherwise of the same schemas.
LAYOUT = 1
SRID = 27_700
# Schema of each table, in the order in which rows can be put: what is referred to comes first.
SCHEMAS = {
    "batches": "batches",
    "assaults": "ed_assault",
    "crimes": "police_crime",
    "assault_counts": "assault_counts",
    "issues": "issues",
    "links": "links",
}
# Rows without a key of the contract's that is never empty are numbered within their delivery.
NUMBERED = ("assault_counts", "issues")
# Renewed by each linkage as a whole, and few: compared as a whole.
AS_A_WHOLE = ("batches", "links")
_TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "date": "date",
    "datetime": "timestamp(0) without time zone",
}
_NUMBER = ("number", "bigint", "Row within its delivery, from 1; the contract's rows have no key.")
_GEOMETRY = f"Point of easting and northing, EPSG:{SRID}; empty where these are."
_INDEXED = {
    "assaults": ("batch_id", "night_of", "incident_id"),
    "crimes": ("batch_id", "committed_from"),
    "assault_counts": ("batch_id",),
    "issues": ("batch_id",),
    "links": (),
    "batches": (),
}
_OF_ITS_OWN = {
    "meta": (
        "State of this copy: one row.",
        {
            "one_row": "Always true: the table has one row.",
            "layout": "Which tables these are; ed-hotspots of another layout refuses them.",
            "comments": "Hash of the comments, which are renewed when they change.",
            "store": "First entry of the store's audit: no other store may be copied here.",
            "audit_head": "Newest entry of the store's audit when its records were read.",
            "release": "Agreement under which crimes and links are here; empty: they are not.",
            "exported_at": "When the copy was last made equal to the store.",
        },
    ),
    "fingerprints": (
        "Hash of the rows of each delivery, by which the next export finds what has changed.",
        {
            "table_name": "Table.",
            "batch_id": "Delivery; empty for a table that is compared as a whole.",
            "of_store": "Hash of the rows as the store holds them.",
            "of_copy": "Hash of the rows as they stand here.",
        },
    ),
}


@dataclass(frozen=True)
class CopiedTable:
    """A table of the copy.

    ``columns``: the contract's, and ``number`` first where rows are numbered; ``key``: the primary
    key; ``by_batch``: whether what changed is found by delivery, else as a whole.
    """

    name: str
    spec: TableSpec
    columns: tuple[str, ...]
    key: tuple[str, ...]
    by_batch: bool

    @property
    def has_points(self) -> bool:
        """Whether rows have coordinates."""
        return "easting" in self.columns


def copied_tables() -> dict[str, CopiedTable]:
    """All tables that are copied, in the order in which rows can be put."""
    return {name: _copied(name) for name in SCHEMAS}


def _copied(name: str) -> CopiedTable:
    spec = load_spec(SCHEMAS[name])
    numbered = name in NUMBERED
    return CopiedTable(
        name,
        spec,
        ("number", *spec.contract) if numbered else tuple(spec.contract),
        ("batch_id", "number") if numbered else spec.primary_key,
        name not in AS_A_WHOLE,
    )


def layout_of_tables() -> str:
    """Which tables these are: other columns, types or codes are another layout."""
    made = "".join(create_tables("s", "p") + create_indexes("s"))
    return f"{LAYOUT}-{hashlib.sha256(made.encode()).hexdigest()[:12]}"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def create_tables(schema: str, postgis: str) -> list[str]:
    """Statements that make the tables, with their primary keys and checks.

    Parameters
    ----------
    schema, postgis
        Where the tables are to lie, and where the extension PostGIS lies.
    """
    inside = quoted(schema)
    made = [_create_table(table, inside, quoted(postgis)) for table in copied_tables().values()]
    return [
        *made,
        f"CREATE TABLE {inside}.fingerprints (table_name text NOT NULL, batch_id text NOT NULL,"
        " of_store text NOT NULL, of_copy text NOT NULL, PRIMARY KEY (table_name, batch_id))",
        f"CREATE TABLE {inside}.meta (one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),"
        " layout text NOT NULL, comments text NOT NULL, store text NOT NULL,"
        " audit_head text NOT NULL,"
        " release text, exported_at timestamp with time zone NOT NULL)",
    ]


def create_indexes(schema: str) -> list[str]:
    """Statements that make indexes and foreign keys; faster once the rows are there."""
    inside = quoted(schema)
    made = []
    for table in copied_tables().values():
        for column in _INDEXED[table.name]:
            made.append(f"CREATE INDEX ON {inside}.{table.name} ({column})")
        if table.has_points:
            made.append(f"CREATE INDEX ON {inside}.{table.name} USING gist (geom)")
        if table.by_batch:
            made.append(_reference(inside, table.name, "batch_id", "batches"))
    return [
        *made,
        _reference(inside, "links", "event_id", "assaults"),
        _reference(inside, "links", "crime_id", "crimes"),
        # Links are one-to-one; when two change their crimes, each row is right only at the end.
        f"ALTER TABLE {inside}.links ADD UNIQUE (crime_id) DEFERRABLE INITIALLY DEFERRED",
    ]


def comments(schema: str, marking: str) -> list[str]:
    """Statements that say in the database what each table and column is, from the schemas.

    Parameters
    ----------
    schema
        Where the tables lie.
    marking
        Protective marking; empty where the workspace has none.
    """
    inside = quoted(schema)
    marked = f"{marking}. " if marking else ""
    limits = "De-identified for limited access, not anonymous: use and pass on as agreed."
    said = [f"COMMENT ON SCHEMA {inside} IS {_text(f'{marked}Copy of a store of ed-hotspots.')}"]
    for table in copied_tables().values():
        words = f"{marked}{table.spec.title}. {_described(table)} {limits}"
        said.append(f"COMMENT ON TABLE {inside}.{table.name} IS {_text(words)}")
        said += [
            f"COMMENT ON COLUMN {inside}.{table.name}.{quoted(name)} IS {_text(words)}"
            for name, _, words in documented_columns(table)
        ]
    for name, (words, columns) in _OF_ITS_OWN.items():
        said.append(f"COMMENT ON TABLE {inside}.{name} IS {_text(marked + words)}")
        said += [
            f"COMMENT ON COLUMN {inside}.{name}.{column} IS {_text(words)}"
            for column, words in columns.items()
        ]
    return said


def documented_columns(table: CopiedTable) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column, in the table's order."""
    told = [_NUMBER] if table.name in NUMBERED else []
    for name in table.spec.contract:
        field = table.spec.fields[name]
        told.append((name, _TYPES[field.kind], _meaning(field)))
    if table.has_points:
        told.append(("geom", f"geometry(Point, {SRID})", _GEOMETRY))
    return told


def _described(table: CopiedTable) -> str:
    released = " Here only under a release." if table.name in ("crimes", "links") else ""
    return f"{table.spec.description}{released}"


def _meaning(field: Field) -> str:
    unit = f" ({field.unit})" if field.unit else ""
    return f"{field.title}{unit}. {field.description}".strip()


def _create_table(table: CopiedTable, inside: str, postgis: str) -> str:
    columns = ["number bigint NOT NULL"] if table.name in NUMBERED else []
    columns += [_column(table.spec.fields[name]) for name in table.spec.contract]
    if table.has_points:
        # Made by the database itself: a point can never be another than its coordinates.
        columns.append(
            f"geom {postgis}.geometry(Point, {SRID}) GENERATED ALWAYS AS"
            f" ({postgis}.ST_SetSRID({postgis}.ST_MakePoint(easting, northing), {SRID})) STORED"
        )
    key = ", ".join(quoted(name) for name in table.key)
    return f"CREATE TABLE {inside}.{table.name} ({', '.join(columns)}, PRIMARY KEY ({key}))"


def _column(field: Field) -> str:
    name = quoted(field.name)
    checks = []
    if field.codes:
        checks.append(f"{name} IN ({', '.join(_text(code) for code in field.codes)})")
    if field.minimum is not None:
        checks.append(f"{name} >= {field.minimum}")
    if field.maximum is not None:
        checks.append(f"{name} <= {field.maximum}")
    needed = " NOT NULL" if field.required else ""
    check = f" CHECK ({' AND '.join(checks)})" if checks else ""
    return f"{name} {_TYPES[field.kind]}{needed}{check}"


def _reference(inside: str, table: str, column: str, to: str) -> str:
    return (
        f"ALTER TABLE {inside}.{table} ADD FOREIGN KEY ({column}) REFERENCES {inside}.{to}"
        " DEFERRABLE INITIALLY DEFERRED"
    )


def _text(words: str) -> str:
    # A quote and, whatever standard_conforming_strings says, a backslash.
    escaped = words.replace("'", "''").replace("\\", "\\\\")
    return f"E'{escaped}'" if "\\" in words else f"'{escaped}'"
