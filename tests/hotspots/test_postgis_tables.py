"""The tables of the PostGIS copy: what the schemas say, in SQL and in the documents."""

from __future__ import annotations

from pathlib import Path

from ed_ingest.store import TABLES
from hotspots.postgis_tables import (
    SCHEMAS,
    comments,
    copied_tables,
    create_tables,
    documented_columns,
    layout_of_tables,
)

PAGE = Path(__file__).parents[2] / "docs" / "postgis.md"


def columns_in_markdown() -> str:
    parts = []
    for name, table in copied_tables().items():
        lines = [f"### `{name}`: {table.spec.title[0].lower()}{table.spec.title[1:]}", ""]
        lines += [f"Key: {', '.join(f'`{key}`' for key in table.key)}.", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        for column, kind, meaning in documented_columns(table):
            escaped = meaning.replace("|", "\\|")
            lines.append(f"| `{column}` | `{kind}` | {escaped} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def test_the_page_tells_the_columns_that_the_schemas_have():
    page = PAGE.read_text(encoding="utf-8")
    told = page.partition("<!-- columns -->\n")[2].partition("\n<!-- end of columns -->")[0]

    assert told == columns_in_markdown()


def test_every_table_of_the_store_is_copied():
    assert SCHEMAS == TABLES


def test_types_needs_and_codes_come_from_the_schemas():
    made = {statement.split(" (")[0]: statement for statement in create_tables("s", "public")}
    assaults = made['CREATE TABLE "s".assaults']

    assert '"arrived_at" timestamp(0) without time zone,' in assaults
    assert '"night_of" date,' in assaults
    assert "\"transfer\" text NOT NULL CHECK (\"transfer\" IN ('yes', 'no'))" in assaults
    assert '"match_score" double precision CHECK ("match_score" >= 0 AND "match_score" <= 1)' in (
        assaults
    )
    assert "geometry(Point, 27700) GENERATED ALWAYS AS" in assaults
    assert "geom" not in made['CREATE TABLE "s".links']


def test_only_a_change_of_columns_or_codes_is_another_layout(monkeypatch):
    before = layout_of_tables()
    monkeypatch.setattr("hotspots.postgis_tables._GEOMETRY", "said otherwise")
    assert layout_of_tables() == before

    monkeypatch.setattr("hotspots.postgis_tables.LAYOUT", 2)
    assert layout_of_tables() != before


def test_a_marking_is_text_and_never_sql():
    said = comments("s", "It's \\ 'OFFICIAL'; DROP TABLE x --")

    assert any("E'It''s \\\\ ''OFFICIAL''; DROP TABLE x --. Assault att" in line for line in said)
