"""Deliveries of a simulated workspace, and its truth, as tables."""

from __future__ import annotations

import csv
import functools
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

N_SIMULATED = 4000


def truth(workspace: Path, name: str) -> pd.DataFrame:
    times = {"assaults": ["arrived_at", "assaulted_at"], "links": ["arrived_at", "committed_from"]}
    return pd.read_csv(
        workspace / "truth" / f"{name}.csv", keep_default_na=False, parse_dates=times.get(name)
    )


@functools.cache
def delivered(path: Path) -> list[list[str]]:
    """All rows of a delivery as text; the first is row 1."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()]
    old = path.name.startswith("royal")
    with path.open(encoding="cp1252" if old else "utf-8", newline="") as handle:
        return list(csv.reader(handle, delimiter=";" if old else ","))
