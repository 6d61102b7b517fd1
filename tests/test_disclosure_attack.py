"""An attacker who has every published table of two years' packs, and an integer programme.

Each true count of a month is a variable; each published figure says between what its sum lies.
Whoever finds that a true count of 1 to 4 can have one value only has won. The attacker is told the
rules of the gate, which method each pack used, and which months and cells there are.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from hotspots.earlier_packs import method_beside
from hotspots.small_numbers import (
    enough_or_missing,
    publish_counts,
    publish_total,
    round_count,
)

MONTHS, WINDOW = 16, 12
TABLES = {"method": 4, "place": 3, "area": 5}


class Told(NamedTuple):
    """A published figure: which cells and months it adds up, and between what it must lie."""

    table: str
    cells: tuple[int, ...]
    months: range
    low: float
    high: float


def records(seed: int, n: int) -> pd.DataFrame:
    """Made-up assaults: most in one cell of each table, a few in the others."""
    rng = np.random.default_rng(seed)
    made = {"month": rng.integers(0, MONTHS, n)}
    for name, size in TABLES.items():
        weight = 0.25 ** np.arange(size)
        made[name] = rng.choice(size, n, p=weight / weight.sum())
    return pd.DataFrame(made)


def between(shown, threshold: int, *, rounded: bool) -> tuple[float, float]:
    """What a reader who knows the rules makes of one figure."""
    base = max(5, threshold)
    if pd.isna(shown):
        return (0.0, 1e4) if rounded else (1.0, threshold - 1.0)
    if not rounded:
        return float(shown), float(shown)
    could_be = [
        m for m in range(int(shown) + 2 * base) if round_count(m, threshold=threshold) == shown
    ]
    return float(could_be[0]), float(could_be[-1])


def published(rows: pd.DataFrame, method: str, threshold: int, *, gate: bool) -> list[Told]:
    """What the packs say, month after month; without the gate's look at earlier packs if not."""
    told: list[Told] = []
    for last in range(MONTHS):
        months = range(max(0, last - WINDOW + 1), last + 1)
        mine = rows[rows["month"].isin(months)]
        own = method_beside(method, ["earlier"] * bool(last)) if gate else method
        total = publish_total(len(mine), threshold=threshold, method=own)
        small = 0 < len(mine) < threshold
        span = between(total, threshold, rounded=own == "round5" or small)
        for name, size in TABLES.items():
            counts = np.bincount(mine[name], minlength=size)
            shown = publish_counts(counts, threshold=threshold, method=own, total=len(mine))
            rounded = own == "round5" or bool((shown.dropna() % max(5, threshold) == 0).all())
            told.append(Told(name, tuple(range(size)), months, *span))
            told += [
                Told(name, (k,), months, *between(each, threshold, rounded=rounded))
                for k, each in enumerate(shown)
            ]
    return told


def solve(
    told: list[Told], table: str, threshold: int, rows: pd.DataFrame
) -> list[tuple[int, ...]]:
    """Cells and months, or windows, of a table whose small count has one value only."""
    size = TABLES[table]
    number = {key: i for i, key in enumerate(itertools.product(range(size), range(MONTHS)))}
    lines = [t for t in told if t.table == table]
    matrix = np.zeros((len(lines), len(number)))
    for row, t in enumerate(lines):
        matrix[row, [number[k, m] for k in t.cells for m in t.months]] = 1
    limits = LinearConstraint(csr_array(matrix), [t.low for t in lines], [t.high for t in lines])
    truth = rows.groupby([table, "month"]).size()
    small = [key for key, n in truth.items() if 1 <= n < threshold]
    won = []
    for key in small[:12]:
        aim = np.zeros(len(number))
        aim[number[key]] = 1
        ends = [
            milp(sign * aim, constraints=limits, integrality=np.ones(len(number)))
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends), "the truth itself must be possible"
        low, high = round(ends[0].fun), round(-ends[1].fun)
        assert low <= truth[key] <= high
        if low == high:
            won.append(key)
    return won


@pytest.mark.parametrize(("method", "threshold"), [("round5", 5), ("suppress_lt5", 5)])
def test_no_small_count_of_a_month_follows_from_all_packs_together(method, threshold):
    rows = records(1, 150)
    told = published(rows, method, threshold, gate=True)

    assert solve(told, "method", threshold, rows) == []


def test_exact_counts_of_overlapping_packs_would_give_them_away():
    rows = records(1, 150)
    told = published(rows, "suppress_lt5", 5, gate=False)

    assert solve(told, "method", 5, rows)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("threshold", [3, 5, 10])
@pytest.mark.parametrize("method", ["round5", "suppress_lt5"])
@pytest.mark.parametrize("n", [12, 40, 150, 900])
def test_nor_of_any_table_of_small_and_large_partnerships(method, threshold, seed, n):
    rows = records(seed, n)
    told = published(rows, method, threshold, gate=True)

    for table in TABLES:
        assert solve(told, table, threshold, rows) == []


def test_a_part_and_its_whole_never_leave_a_small_rest_for_certain():
    # All pairs of a whole and a part of it, such as all assaults and a theme, a night and a hot
    # spot's share of it: what a reader can think of the rest is never one small number.
    for whole, part in itertools.combinations_with_replacement(range(25, -1, -1), 2):
        around = between(round_count(whole, threshold=5), 5, rounded=True)
        shown = enough_or_missing([part], threshold=5)[0]
        inside = (0.0, 4.0) if pd.isna(shown) else between(shown, 5, rounded=True)
        low = max(0.0, around[0] - inside[1])
        high = around[1] - inside[0]
        assert not (low == high and 1 <= low <= 4)
