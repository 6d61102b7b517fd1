"""Do the claims of the hot-spot analysis hold their error rates? Simulations with known truth.

`python benchmarks/honesty.py [change] [contours] [counts] [premises] [shares] [ratios]` runs
these parts, all by default; `--quick` a twentieth of each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from machine import machine

from benchmarks.evaluation import change_rates, contour_rates, interval_coverage
from benchmarks.evaluation.counting import share_cell, table

MAPS, CONTOUR_MAPS, SIMULATIONS = 500, 200, 2000
# Of the maps of one condition in which recording changed no call is made: more are simulated.
MOST_MAPS = 4 * MAPS


def each(function: Callable[[int], Any], seeds: Sequence[int]) -> list[Any]:
    """What a function says of each seed, on all processors."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(function, seeds, chunksize=10))


def change(share: float) -> None:
    rows, wanted = [], int(MAPS * share)
    for condition in (*change_rates.UNCHANGED, *change_rates.DOUBLED):
        judge = partial(_judged, condition=condition)
        found: list[Any] = []
        while len(found) < MOST_MAPS * share and sum(f is not None for f in found) < wanted:
            found += each(judge, range(len(found), len(found) + max(wanted // 2, 5)))
        called = [f for f in found if f is not None]
        rows.append([condition.name, f"{len(found) - len(called)} of {len(found)}",
                     share_cell(sum(called), len(called))])  # fmt: skip
        print(rows[-1], file=sys.stderr, flush=True)
    print("\n### Change: maps that call any hot spot changed (doubled: that call that one)\n")
    print(table(["what changes", "maps without a call (recording changed)", "of the others"], rows))


def contours(share: float) -> None:
    rows, n = [], int(CONTOUR_MAPS * share)
    for pair in (*contour_rates.PAIRS_ALIKE, *contour_rates.PAIRS_UNLIKE):
        found = each(partial(contour_rates.contours, pair=pair), range(n))
        rows.append([pair.name, share_cell(sum(map(bool, found)), n)])
        print(rows[-1], file=sys.stderr, flush=True)
    print("\n### Relative risk: maps with any contour\n")
    print(table(["two sources", "maps with a contour"], rows))


def counts(share: float) -> None:
    rows, n = [], int(SIMULATIONS * share)
    for source in interval_coverage.SOURCES:
        found = np.array(each(partial(_counts, source=source), range(n))).mean(axis=0)
        rows += [
            [source.name, by, *(f"{c:.1%}" for c in cover)]
            for by, cover in zip(("as drawn", "Poisson of records"), found, strict=True)
        ]
    means = [f"{4 * m:.0f}" for m in interval_coverage.MEANS]
    print(f"\n### Number of a hot spot: coverage in {n:,} simulated years, by mean incidents\n")
    print(table(["records", "interval", *means], rows))


def premises(share: float) -> None:
    n, means = int(SIMULATIONS * share), (0.7, 3.0, 12.0, 40.0)
    found = np.mean(each(partial(_premises, means=means), range(n)), axis=0)
    print(f"\n### Premises: coverage in {n:,} simulations\n")
    rows = [["n_low to n_high", f"{m:g} incidents on average", f"{c:.1%}"]
            for m, c in zip(means, found, strict=True)]  # fmt: skip
    for name, is_gamma in (("gamma", True), ("log-normal", False)):
        held = np.mean(each(partial(_shrunk, is_gamma=is_gamma), range(n)), axis=0)
        rows += [["n_shrunk_low to …_high", f"{which}, true numbers {name}", f"{c:.1%}"]
                 for which, c in zip(("all of 150", "the busiest"), held, strict=True)]  # fmt: skip
    print(table(["interval", "premises", "holds the truth"], rows))


def shares(share: float) -> None:
    n, rows = int(SIMULATIONS * share), []
    sizes = {"groups": interval_coverage.PAIRS, "brawls of up to 12": interval_coverage.BRAWLS}
    for name, each_size in sizes.items():
        found = np.mean(each(partial(_shares, sizes=each_size), range(n)), axis=0)
        rows.append([name, *(f"{c:.1%}" for c in found)])
    print(f"\n### Share without a police record: coverage in {n:,} simulations, by incidents\n")
    print(table(["patients", *(str(k) for k in interval_coverage.LINKABLE)], rows))


def ratios(share: float) -> None:
    n, rows = int(SIMULATIONS * share), []
    for source in interval_coverage.SOURCES:
        changes = {"known": 0.7, **source.changes}
        found = each(partial(change_rates.ratios_held, changes=changes), range(n))
        held = np.mean([f for f in found if f is not None], axis=0)
        rows.append([source.name, *(f"{c:.1%}" for c in held)])
        print(rows[-1], file=sys.stderr, flush=True)
    print(f"\n### Rate ratio of a change: coverage in {n:,} simulations, by incidents before\n")
    print(table(["records", *(f"{m:.0f}" for m in change_rates.GROWN_MEANS)], rows))


def _judged(seed: int, condition: change_rates.Condition) -> bool | None:
    """Whether the call looked for is made; None where no call is made at all."""
    found = change_rates.one_map(seed, condition)
    if not found.is_called:
        return None
    if condition.one_doubles:
        return change_rates.is_first_called(found)
    return change_rates.is_any_called(found)


def _counts(seed: int, source: interval_coverage.Source) -> tuple[Any, Any]:
    return interval_coverage.counts_held(np.random.default_rng(seed), source)


def _premises(seed: int, means: Sequence[float]) -> Any:
    return interval_coverage.premises_held(np.random.default_rng(seed), means)


def _shrunk(seed: int, is_gamma: bool) -> tuple[float, bool]:
    return interval_coverage.shrunk_held(np.random.default_rng(seed), is_gamma=is_gamma)


def _shares(seed: int, sizes: Sequence[float]) -> Any:
    return interval_coverage.shares_held(np.random.default_rng(seed), sizes=sizes)


PARTS = {part.__name__: part for part in (change, contours, counts, premises, shares, ratios)}


def main() -> None:
    print(f"## Honesty: error rates and coverage on simulations\n\n{machine()}")
    share = 0.05 if "--quick" in sys.argv else 1.0
    for name in [a for a in sys.argv[1:] if a in PARTS] or PARTS:
        PARTS[name](share)


if __name__ == "__main__":
    main()
