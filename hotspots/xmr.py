"""XmR (individuals and moving range) chart: process limits, and the NHS rules on single points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

# 3 / 1.128: three standard deviations, told from the mean range of two values.
LIMIT, RANGE_LIMIT = 2.66, 3.267
RUN, TREND = 7, 7
BASELINE = 12
LEAST_POINTS = 6

Rule = Literal["beyond", "run", "near", "trend"]
Floats = NDArray[np.float64]


class Limits(NamedTuple):
    """Mean and process limits of some values, in their unit; `mean_range` after screening."""

    mean: float
    lower: float
    upper: float
    mean_range: float


class Point(NamedTuple):
    """One value of a chart.

    ``limits``: of its phase; None where the phase has too few values. ``rules``: that it meets.
    ``side``: 1 where they tell of higher values, −1 of lower ones, 0 of usual variation. ``phase``:
    counted from 0; ``trial``: its limits rest on fewer values than a baseline should have.
    """

    value: float | None
    limits: Limits | None
    rules: tuple[Rule, ...]
    side: int
    phase: int
    trial: bool


def process_limits(values: Sequence[float | None], *, screened: bool = True) -> Limits:
    """Mean ± 2.66 mean moving ranges.

    Parameters
    ----------
    values
        In order of time, any unit; None or NaN where there is none: no range spans a gap.
    screened
        Leave out moving ranges of 3.267 times their mean or more, once, before the mean that
        counts is taken (Nelson 1982, Journal of Quality Technology 14, 172–173, with the factor of
        NHSRplotthedots); one odd month would else widen the limits for all.

    Returns
    -------
    Limits
        All NaN without any value; limits equal to the mean without any moving range.
    """
    numbers = _numbers(values)
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return Limits(*[float("nan")] * 4)
    ranges = np.abs(np.diff(numbers))
    ranges = ranges[np.isfinite(ranges)]
    if screened and len(ranges):
        within = ranges < RANGE_LIMIT * ranges.mean()
        ranges = ranges[within] if within.any() else ranges
    mean, width = float(known.mean()), float(ranges.mean()) if len(ranges) else 0.0
    return Limits(mean, mean - LIMIT * width, mean + LIMIT * width, width)


def xmr_chart(
    values: Sequence[float | None],
    *,
    starts: Collection[int] = (),
    baseline: int | None = BASELINE,
    screened: bool = True,
    least: int = LEAST_POINTS,
) -> list[Point]:
    """Judge each value by the four rules of the NHS programme "Making Data Count".

    A value beyond a limit; seven in a row on one side of the mean; two of three in the outer third
    next to a limit, all three on its side of the mean; seven in a row that rise, or fall. All
    values of a run are marked, and none across a gap: what is missing may lie anywhere.

    Parameters
    ----------
    values
        In order of time; None or NaN where there is none.
    starts
        Positions from which on the process is a new one (a training day, a new system): mean and
        limits are taken anew, and no run begins before.
    baseline
        The limits are those of the first so many values of a phase, so that an improvement does
        not move the limits that it is judged by; None: of all of them.
    screened
        As for `process_limits`.
    least
        A phase with fewer values than this has no limits and no marks (Wheeler, Understanding
        Variation, 1993, p. 60: five or six values make limits that are of use).

    Returns
    -------
    list of Point
        One for each value.
    """
    numbers = _numbers(values)
    phases = np.cumsum([int(place in starts and place > 0) for place in range(len(numbers))])
    points: list[Point] = []
    for phase in np.unique(phases):
        own = numbers[phases == phase]
        points += _phase_points(own, int(phase), baseline, screened=screened, least=least)
    return points


def _phase_points(
    numbers: Floats, phase: int, baseline: int | None, *, screened: bool, least: int
) -> list[Point]:
    known = np.flatnonzero(np.isfinite(numbers))
    shown = [float(n) if np.isfinite(n) else None for n in numbers]
    if len(known) < least:
        return [Point(n, None, (), 0, phase, trial=True) for n in shown]
    last = len(numbers) if baseline is None else known[min(baseline, len(known)) - 1] + 1
    limits = process_limits(list(numbers[:last]), screened=screened)
    trial = len(known) < BASELINE
    found = _rules(numbers, limits)
    return [
        Point(
            value,
            limits,
            tuple(rule for rule, sides in found.items() if sides[place]),
            next((int(sides[place]) for sides in found.values() if sides[place]), 0),
            phase,
            trial,
        )
        for place, value in enumerate(shown)
    ]


def _rules(numbers: Floats, limits: Limits) -> dict[Rule, NDArray[np.int64]]:
    """For each rule, the side that it tells of at each value; the first to speak has the word."""
    third = (limits.upper - limits.mean) * 2 / 3
    with np.errstate(invalid="ignore"):
        beyond = np.where(numbers > limits.upper, 1, np.where(numbers < limits.lower, -1, 0))
        side = np.where(numbers > limits.mean, 1, np.where(numbers < limits.mean, -1, 0))
        outer = (np.abs(numbers - limits.mean) > third) & (beyond == 0)
        steps = np.sign(np.diff(numbers))
    steps = np.where(np.isfinite(steps), steps, 0).astype(np.int64)
    return {
        "beyond": beyond,
        "run": _runs(side, RUN),
        "near": _near(side, outer),
        "trend": _trends(steps, len(numbers)),
    }


def _runs(side: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """The side, at all values of a run of at least so many on it; elsewhere 0."""
    marked = np.zeros(len(side), dtype=np.int64)
    for start in range(len(side) - length + 1):
        run = side[start : start + length]
        if run[0] and (run == run[0]).all():
            marked[start : start + length] = run[0]
    return marked


def _near(side: NDArray[np.int64], outer: NDArray[np.bool_]) -> NDArray[np.int64]:
    marked = np.zeros(len(side), dtype=np.int64)
    for start in range(len(side) - 2):
        three = slice(start, start + 3)
        if side[start] and (side[three] == side[start]).all() and outer[three].sum() >= 2:
            marked[three] = np.where(outer[three], side[start], marked[three])
    return marked


def _trends(steps: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Rising or falling values: one more than there are steps in a row."""
    marked = np.zeros(n, dtype=np.int64)
    moved = _runs(steps, TREND - 1)
    marked[:-1] = moved
    return np.where(marked == 0, np.r_[0, moved] if n else marked, marked)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
