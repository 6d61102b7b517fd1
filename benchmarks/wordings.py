"""How many wordings of the labelled corpus are read right; the third kept aside is never tuned on.

With the name of a column (`python benchmarks/wordings.py location_type`, or `time`) it lists the
wordings of the tuned set that are read wrong; of those kept aside only the figures are ever shown.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from ed_ingest.normalise import normalise_attendances
from ed_ingest.tables import Mapped

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
BOUNDS = ("from_min", "from_max", "to_min", "to_max")


def load(name: str) -> pd.DataFrame:
    return pd.read_csv(CORPUS / f"{name}.csv", dtype=str, keep_default_na=False)


def codes() -> pd.DataFrame:
    """Every wording of a coded column with what was read of it."""
    methods = load("methods").rename(columns={"assault_method": "code"})
    places = load("locations").rename(columns={"location_type": "code"})
    table = pd.concat(
        [
            methods.assign(column="assault_method"),
            places.assign(column="location_type"),
            load("other_codes"),
        ],
        ignore_index=True,
    )
    read = pd.Series(index=table.index, dtype="object")
    for column, rows in table.groupby("column"):
        mapped = pd.DataFrame({column: rows["description"].astype("str")})
        mapped = mapped.where(mapped != "").assign(_repeat=False)
        read[rows.index] = normalise_attendances(Mapped(mapped))[str(column)]
    allowed = table["code"] + "|" + table["acceptable"]
    right = [code in want.split("|") for code, want in zip(read, allowed, strict=True)]
    return table.assign(read=read, right=right)


def times() -> pd.DataFrame:
    """Every delivered time with what was read of it, against the bounds of a fair reading."""
    table = load("times")
    cells = table.rename(
        columns={"arrival": "arrived_at", "date": "assault_date", "time": "assault_time"}
    )
    cells = cells[["arrived_at", "assault_date", "assault_time"]].astype("str")
    mapped = cells.where(cells != "").assign(_repeat=False)
    read = normalise_attendances(Mapped(mapped), date_order="dmy", midnight_is_missing=False)
    bounds = {b: pd.to_datetime(table[b].replace("", None)) for b in BOUNDS}
    start, end = read["assault_from"], read["assault_to"]
    within = start.between(bounds["from_min"], bounds["from_max"]) & end.between(
        bounds["to_min"], bounds["to_max"]
    )
    within |= bounds["from_min"].isna() & start.isna()
    allowed = table["precision"] + "|" + table["precision_alt"]
    kind = [p in want.split("|") for p, want in zip(read["time_precision"], allowed, strict=True)]
    told = start.dt.strftime("%d %H:%M") + " – " + end.dt.strftime("%d %H:%M")
    # Another way of telling it that is accepted has bounds of its own.
    other = read["time_precision"] != table["precision"]
    return table.assign(
        column="time",
        description=table["arrival"] + " | " + table["date"] + " | " + table["time"],
        code=table["precision"] + " " + table["from_min"] + " – " + table["to_max"],
        read=read["time_precision"] + " " + told,
        right=pd.Series(kind, index=table.index) & (within | other),
    )


def main() -> None:
    table = pd.concat([codes(), times()], ignore_index=True)
    wanted = sys.argv[1:]
    wrong = table[~table["right"] & (table["set"] == "tune") & table["column"].isin(wanted)]
    for row in wrong.itertuples():
        print(f"  {row.column}: {row.description!r} is {row.code}, read as {row.read}")
    shares = table.pivot_table("right", "column", "set", aggfunc=["mean", "size"])
    print(f"{'wordings read right':24}{'tuned on':>18}{'kept aside':>18}")
    for column, row in shares.iterrows():
        cells = [f"{row['mean', s]:.1%} of {row['size', s]:.0f}" for s in ("tune", "aside")]
        print(f"{column!s:24}{cells[0]:>18}{cells[1]:>18}")


if __name__ == "__main__":
    main()
