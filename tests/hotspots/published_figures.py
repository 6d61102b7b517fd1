"""What the analyst's hotspots.csv says, in the words of a brief: a reader of its own."""

from __future__ import annotations

import csv
import re

from hotspots.geofiles import write_tables


def lines_of_csv(publishable, folder) -> list[list[str]]:
    """Name, count, interval, peak and share of each hot spot, read from hotspots.csv."""
    write_tables(publishable, folder)
    with (folder / "hotspots.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            [
                row["name"],
                f"{int(row['n']):,}",
                f"{int(row['n_low']):,}–{int(row['n_high']):,}",
                row["peak"],
                f"{100 * float(row['share_not_found']):.0f}%"
                if row["share_not_found"]
                else "not known",
            ]
            for row in csv.DictReader(file)
        ]


def counts_of_csv(folder) -> list[list[str]]:
    """The figures of nights.csv, night by night; [c] where one was held back."""
    with (folder / "nights.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        [f"{int(r['n']):,}" if r["n"] else "[c]" for r in rows if int(r["night"]) == night]
        for night in range(7)
    ]


def squeezed(text: str) -> str:
    """Without white space: lines break where they may."""
    return re.sub(r"\s+", "", text)
