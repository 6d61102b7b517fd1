"""Read what the partnership's own list of places knows of premises beyond name and point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ed_ingest.csv_files import heading, read_csv
from ed_ingest.errors import ReferenceDataError
from ed_ingest.own_lists import first_rows
from hotspots.named_premises import FACTS


def load_premises_facts(folder: Path) -> pd.DataFrame | None:
    """Read the columns ``capacity`` and ``open_hours`` of ``places.csv``, where it has any.

    Parameters
    ----------
    folder
        The workspace's reference data.

    Returns
    -------
    DataFrame or None
        ``place_id`` (each once, the first row counts), ``capacity`` (persons), ``open_hours`` (a
        week); missing where blank. None without either column.

    Raises
    ------
    ReferenceDataError
        If a cell is no number above 0, or a week has more hours than 168.
    """
    path = folder / "places.csv"
    if not path.is_file():
        return None
    wanted = ("place_id", *FACTS)
    table = read_csv(path, header=0, columns=lambda name: heading(str(name)) in wanted)
    table.columns = pd.Index([heading(str(name)) for name in table.columns])
    if "place_id" not in table or not set(FACTS) & set(table.columns):
        return None
    # As text: a column that is not there would be of numbers, all missing.
    table = table.reindex(columns=list(wanted)).astype("str").dropna(subset=["place_id"])
    numbers = {name: _numbers(table[name], name) for name in FACTS}
    facts = pd.DataFrame({"place_id": table["place_id"].str.strip().astype("str"), **numbers})
    return facts.drop_duplicates("place_id", ignore_index=True)


def _numbers(cells: pd.Series, name: str) -> pd.Series:
    numbers: pd.Series = pd.to_numeric(cells.str.strip(), errors="coerce").astype("float64")
    most = 168 if name == "open_hours" else np.inf
    wrong = cells.notna() & ~(numbers.gt(0) & numbers.le(most) & np.isfinite(numbers))
    if wrong.any():
        limit = ", at most 168 hours a week" if name == "open_hours" else ""
        raise ReferenceDataError(
            f"places.csv: row {first_rows(wrong)}: {name} must be a number above "
            f"0{limit}, or blank. Correct it."
        )
    return numbers
