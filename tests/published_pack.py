"""What a reader finds in the files of a pack: every count, whose it is, and between what it lies.

Only the published files are opened. The reader knows the rules of gate 2, and that what a table
leaves empty is small; not what the records are.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pyogrio
from pptx import Presentation

from hotspots.small_numbers import round_count

ANYTHING = (0.0, 1e4)
PUBLIC = ("street", "park_or_open_space", "public_transport", "other_public")
# A theme that is a sum of published codes: family, codes.
SUMS = {
    "Knife or sharp object": ("methods", ("sharp_object",)),
    "Firearm": ("methods", ("firearm",)),
    "In licensed premises": ("location_types", ("licensed_premises",)),
    "In public space": ("location_types", PUBLIC),
}
ISLAND = re.compile(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


class Told(NamedTuple):
    """A published figure: which cells of a family it adds up (None: all), in which window."""

    family: str
    keys: tuple[object, ...] | None
    months: tuple[str, ...]
    low: float
    high: float


class Rule(NamedTuple):
    """How the figures of a table were made, as the manifest tells."""

    threshold: int
    is_exact: bool


def figures_of(folder: Path) -> list[Told]:
    """All that the files of one pack tell, for the attacker's sums."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    ends = (manifest["period_from"], manifest["period_to"])
    months = tuple(map(str, pd.period_range(*ends, freq="M")))
    return [
        *_totals(manifest, months),
        *_tables(folder / "analyst", manifest, months),
        *_map(folder / "tasking" / "tasking-map.html", manifest, folder.name, months),
        *_completeness(folder / "data-quality" / "completeness.xlsx", manifest, months),
    ]


def words_of(folder: Path) -> str:
    """All text of the pack that a person reads."""
    pdf = folder / "tasking" / "tasking-brief.pdf"
    read = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    shapes = [s for slide in Presentation(pdf.with_suffix(".pptx")).slides for s in slide.shapes]
    slides = [s.text_frame.text for s in shapes if s.has_text_frame]
    slides += [c.text for s in shapes if s.has_table for r in s.table.rows for c in r.cells]
    pages = [re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", p.read_text(encoding="utf-8"))
             for p in sorted(folder.rglob("*.html"))]  # fmt: skip
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    return "\n".join([read.stdout.decode(), *slides, *pages, manifest])


def drawn(folder: Path) -> dict[str, object]:
    """Everything with a place in the pack: shapes, cells and pictures."""
    path = folder / "analyst" / "hotspots.gpkg"
    shapes = {
        name: [shape.wkb_hex for shape in pyogrio.read_dataframe(path, layer=name).geometry]
        for name in ("density", "hotspots", "police_hotspots")
    }
    page = (folder / "tasking" / "tasking-map.html").read_text(encoding="utf-8")
    pictures = re.findall(r"data:image/png;base64,[A-Za-z0-9+/=]+", page)
    spots = [
        (s["rank"], s["at"]) for s in _island(folder / "tasking/tasking-map.html")["hot_spots"]
    ]
    return {**shapes, "pictures": pictures, "spots": spots,
            "cells": (folder / "analyst" / "cells.csv").read_bytes()}  # fmt: skip


def _between(shown: float | None, rule: Rule, *, missing: tuple[float, float]) -> tuple:
    if shown is None or pd.isna(shown):
        return missing
    if rule.is_exact:
        return float(shown), float(shown)
    base = max(5, rule.threshold)
    could = [n for n in range(int(shown) + 2 * base)
             if round_count(n, threshold=rule.threshold) == shown]  # fmt: skip
    # Where what is too few is missing, what is shown is enough.
    least = rule.threshold if missing[0] == 0 and missing[1] < rule.threshold and shown else 0
    return float(max(could[0], least)), float(could[-1])


def _rule(manifest: dict, table: str) -> Rule:
    rounded = manifest["counts"]["rounding"] == "round5"
    rounded |= any(
        h["rule"] == "rounded_instead" and h["table"] == table for h in manifest["held_back"]
    )
    return Rule(manifest["counts"]["threshold"], not rounded)


def _few(rule: Rule) -> tuple[float, float]:
    return (1.0, rule.threshold - 1.0) if rule.is_exact else ANYTHING


def _totals(manifest: dict, months: tuple[str, ...]) -> Iterator[Told]:
    rule = _rule(manifest, "all")
    n = manifest["counts"]["n_recorded"]
    if n < rule.threshold + max(5, rule.threshold) / 2:
        rule = rule._replace(is_exact=False)
    around = _between(n, rule, missing=ANYTHING)
    for family in ("methods", "location_types", "areas", "nights", "said", *_themes()):
        yield Told(family, None, months, *around)


def _themes() -> list[str]:
    return ["theme: Night-time economy", "theme: Domestic abuse", "theme: Young people",
            "theme: Alcohol involved", "theme: Serious: admitted to hospital"]  # fmt: skip


def _tables(folder: Path, manifest: dict, months: tuple[str, ...]) -> Iterator[Told]:
    plain = (
        ("methods", ("code",), "n"),
        ("location_types", ("code",), "n"),
        ("areas", ("code",), "n_assaults"),
        ("nights", ("night", "band"), "n"),
    )
    for name, keys, count in plain:
        rule = _rule(manifest, name)
        for row in _rows(folder / f"{name}.csv"):
            key = row[keys[0]] if len(keys) == 1 else "/".join(row[k] for k in keys)
            low, high = _between(_number(row[count]), rule, missing=_few(rule))
            # Nights are expected numbers, taken to the nearest whole.
            half = 0.5 if name == "nights" else 0.0
            yield Told(name, (key,), months, max(0.0, low - half), high + half)
    layer = pyogrio.read_dataframe(folder / "hotspots.gpkg", layer="areas")
    shown = {row["code"]: _number(row["n_assaults"]) for row in _rows(folder / "areas.csv")}
    drawn_so = dict(zip(layer["code"], layer["n_assaults"].astype(object), strict=True))
    assert {code: None if pd.isna(n) else n for code, n in drawn_so.items()} == shown
    rounded = Rule(manifest["counts"]["threshold"], is_exact=False)
    for row in _rows(folder / "reported_and_found.csv"):
        key = f"{row['said_reported']}/{row['police_record']}"
        around = _between(_number(row["n"]), rounded, missing=ANYTHING)
        yield Told("said", (key,), months, *around)


def _map(path: Path, manifest: dict, pack: str, months: tuple[str, ...]) -> Iterator[Told]:
    island = _island(path)
    rule = Rule(manifest["counts"]["threshold"], is_exact=False)
    few = (0.0, rule.threshold - 1.0)
    spots = {row["rank"]: row for row in _rows(path.parents[1] / "analyst" / "hotspots.csv")}
    ids = {rank: row["hotspot_id"] for rank, row in spots.items()}
    n_mapped = _between(manifest["counts"]["n_mapped"], rule, missing=ANYTHING)
    held = {ids[k]: _between(_number(row["n"]), rule, missing=few) for k, row in spots.items()}
    for theme in island["choices"]["themes"]:
        title, words = theme["title"], theme["words"]
        counted = re.search(r": ([\d,]+) assaults", words)
        n = None if counted is None else _number(counted[1])
        family, keys = SUMS.get(title, (f"theme: {title}", ("in",)))
        yield Told(family, keys, months, *_between(n, rule, missing=few))
        inside = re.search(r"([\d,]+) of them on the map", words)
        family = f"spots of {pack}: {title}"
        yield Told(family, None, ("",), *n_mapped)
        part = (*((spot, "in") for spot in held), ("elsewhere", "in"))
        if inside is not None:
            yield Told(family, part, ("",), *_between(_number(inside[1]), rule, missing=few))
        for spot, around in held.items():
            yield Told(family, ((spot, "in"), (spot, "out")), ("",), *around)
        for rank, text in theme["n"].items():
            around = _between(_number(text), rule, missing=few)
            yield Told(family, ((ids[rank], "in"),), ("",), *around)
    family = f"times of {pack}"
    shown = {(ids[str(r)], f"{night}/{band}"): _number(n)
             for r, night, band, n in island["choices"]["times"]}  # fmt: skip
    for spot, around in held.items():
        keys = tuple((spot, f"{night}/{band}") for night in range(7) for band in range(8))
        yield Told(family, (*keys, (spot, "untimed")), ("",), around[0], around[1])
        for key in keys if spot in {s for s, _ in shown} else ():
            low, high = _between(shown.get(key), rule, missing=few)
            yield Told(family, (key,), ("",), max(0.0, low - 0.5), high + 0.5)


def _completeness(path: Path, manifest: dict, months: tuple[str, ...]) -> Iterator[Told]:
    book = openpyxl.load_workbook(path, read_only=True)
    rule = _rule(manifest, "all")
    base = max(5, rule.threshold)
    year = tuple(map(str, pd.period_range(end=months[-1], periods=12, freq="M")))
    rows = {name: _sheet(book[name]) for name in ("Hospitals", "Months")}
    tables = [[(year, row) for row in rows["Hospitals"]]]
    for name in dict.fromkeys(row["Hospital"] for row in rows["Months"]):
        own = [row for row in rows["Months"] if row["Hospital"] == name]
        tables.append([((row["Month"],), row) for row in own])
    for table in tables:
        # No manifest tells which of these are exact: one that is no multiple of the base does.
        shown = [_number(row["Rows"]) for _, row in table]
        exact = rule._replace(is_exact=any(n is not None and n % base for n in shown))
        for n, (window, row) in zip(shown, table, strict=True):
            around = _between(n, exact, missing=_few(exact))
            yield Told("rows", (row["Hospital"],), window, *around)


def _island(path: Path) -> dict:
    return json.loads(ISLAND.search(path.read_text(encoding="utf-8"))[1])


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _sheet(sheet: Iterable) -> list[dict]:
    rows = [[cell.value for cell in row] for row in sheet]
    at = next(i for i, row in enumerate(rows) if "Rows" in row)
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :] if row[0]]


def _number(text: object) -> float | None:
    plain = str(text).replace(",", "")
    return float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None
