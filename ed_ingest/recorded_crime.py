"""The Home Office's open tables of police recorded crime -> counts by area, quarter and group."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ed_ingest.csv_files import csv_form, heading, read_csv
from ed_ingest.errors import ReferenceDataError
from ed_ingest.offences import offence_groups

# Headings that the tables have had -> ours. An area is a Community Safety Partnership or a force.
_COLUMNS = {
    "financial_year": "year", "financial_quarter": "quarter",
    "csp_name": "area", "community_safety_partnership": "area",
    "force_name": "force", "police_force": "force",
    "offence_code": "offence_code", "offence_description": "offence",
    "offence_subgroup": "crime_type", "offence_sub_group": "crime_type",
    "number_of_offences": "n", "offence_count": "n", "recorded_offences": "n",
}  # fmt: skip
_NEEDED = ("year", "quarter", "offence_code", "n")
COLUMNS = ("area", "quarter_from", "quarter_to", "offence_group", "n")
_FIRST_MONTH = 4  # financial quarter 1 is April to June


def is_recorded_crime(header: set[str]) -> bool:
    """Whether the headings, as `csv_files.heading` has them, are of such a table."""
    return {"financial_year", "financial_quarter", "offence_code"} <= header


def load_recorded_crime(folder: Path) -> pd.DataFrame:
    """Read every table of police recorded crime in the reference folder.

    Parameters
    ----------
    folder
        The workspace's reference folder. Tables lie in it, or in folders in it, as CSV.

    Returns
    -------
    DataFrame
        ``area`` (name of the partnership, or of the force where the table is of forces),
        ``quarter_from, quarter_to`` (first and last day), ``offence_group``, ``n`` (recorded
        offences; corrections may make it less than 0): one row per area, quarter and group.

    Raises
    ------
    ReferenceDataError
        If a table lacks a column, or its years, quarters or numbers are not such.
    """
    tables = [_read(path) for path in sorted(folder.rglob("*.csv")) if _is_table(path)]
    table = pd.concat(tables) if tables else pd.DataFrame(columns=list(COLUMNS))
    return pd.DataFrame(table.groupby(list(COLUMNS[:-1]))["n"].sum().reset_index())


def _is_table(path: Path) -> bool:
    form = csv_form(path)
    return form is not None and is_recorded_crime({heading(cell) for cell in form.first})


def _read(path: Path) -> pd.DataFrame:
    table = read_csv(path, header=0)
    table.columns = pd.Index([_COLUMNS.get(heading(str(c)), str(c)) for c in table.columns])
    missing = [c for c in _NEEDED if c not in table]
    if missing or not {"area", "force"} & set(table.columns):
        raise ReferenceDataError(
            f"{path.name}: no column for {', '.join(missing) or 'the area'}. Download the table of "
            "police recorded crime anew and save its sheet of the year as CSV."
        )
    year = pd.to_numeric(table["year"].str.extract(r"^\s*(\d{4})\s*[/-]")[0], errors="coerce")
    quarter = pd.to_numeric(table["quarter"].str.extract(r"([1-4])\s*$")[0], errors="coerce")
    n = pd.to_numeric(table["n"].str.replace(",", "", regex=False), errors="coerce")
    if year.isna().any() or quarter.isna().any() or n.isna().any():
        raise ReferenceDataError(
            f"{path.name}: a financial year, a quarter or a number of offences is none. Save the "
            "sheet as CSV without changes to its cells."
        )
    # Quarter 4 is January to March of the next calendar year.
    month = _FIRST_MONTH + 3 * (quarter - 1)
    calendar = {"year": year + (month - 1) // 12, "month": (month - 1) % 12 + 1, "day": 1}
    first = pd.to_datetime(pd.DataFrame(calendar).astype(int))
    telling = table[[c for c in ("offence_code", "offence", "crime_type") if c in table]]
    return pd.DataFrame(
        {
            "area": (table["area"] if "area" in table else table["force"]).str.strip(),
            "quarter_from": first,
            "quarter_to": first + pd.offsets.MonthEnd(3),
            "offence_group": offence_groups(telling, {})[0],
            "n": n.astype("int64"),
        }
    )
