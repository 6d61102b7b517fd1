"""Where the marks and lines of a control chart lie: shares by month, drawn as SVG by the page."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hotspots.words import is_missing, month_words, share_words

WIDTH, HEIGHT = 640.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 62.0, 26.0, 34.0
_LINES = (0.0, 0.25, 0.5, 0.75, 1.0)
_RADIUS = 4.0
_LABELS = 5  # months named below the chart, at most
_SHAPES = {1: "better", 0: "usual", -1: "worse"}
_SHAPE_WORDS = {"better": ", better than usual", "worse": ", worse than usual", "usual": ""}


class Mark(NamedTuple):
    """One month: the middle of its mark, what it says, and its shape."""

    x: float
    y: float
    label: str
    shape: str  # better, usual, worse or none


class Phase(NamedTuple):
    """Mean and limits between two changes: where they begin and end, and their heights."""

    x1: float
    x2: float
    mean: float
    lower: float
    upper: float


class Event(NamedTuple):
    """A line where something changed, its number, and what it was."""

    x: float
    number: int
    words: str


class ControlChart(NamedTuple):
    """Everything a template needs to draw the chart."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    radius: float
    grid: list[tuple[float, str]]  # height of each line and its label
    ticks: list[tuple[float, str]]  # place of each month and its label
    paths: list[str]  # unbroken runs of months of a phase, as points of a polyline
    phases: list[Phase]
    events: list[Event]
    marks: list[Mark]
    last: Mark | None  # the latest month with a figure


def control_chart(trend: pd.DataFrame, events: pd.DataFrame) -> ControlChart:
    """Lay out one hospital's shares by month with their mean, limits and marks.

    Parameters
    ----------
    trend
        ``month, share, mean, lower, upper, side, phase``: as `completeness_trend.trends` gives
        them, of one hospital and item. Where there is no share the line breaks, and a cross stands
        below.
    events
        ``month, event`` of the hospital.
    """
    n = max(len(trend), 1)
    step = (WIDTH - _LEFT - _RIGHT) / n
    x = [round(_LEFT + step * (i + 0.5), 1) for i in range(len(trend))]
    marks = [
        _mark(at, *row)
        for at, row in zip(
            x, trend[["month", "share", "side"]].itertuples(index=False, name=None), strict=True
        )
    ]
    known = [mark for mark in marks if mark.shape != "none"]
    months = list(trend["month"])
    every = -(-n // _LABELS)
    named = [i for i in range(len(months)) if (len(months) - 1 - i) % every == 0]
    return ControlChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=WIDTH - _RIGHT,
        top=_TOP,
        bottom=HEIGHT - _BOTTOM,
        radius=_RADIUS if n <= 36 else _RADIUS - 1,
        grid=[(_height(line), share_words(line)) for line in _LINES],
        ticks=[(x[i], month_words(months[i])) for i in named],
        paths=_runs(marks, list(trend["phase"])),
        phases=_phases(trend, x, step / 2),
        events=[
            Event(round(x[months.index(month)] - step / 2, 1), number, f"{event} ({words})")
            for number, (month, event, words) in enumerate(
                (
                    (month, event, month_words(month))
                    for month, event in zip(events["month"], events["event"], strict=True)
                    if month in months
                ),
                start=1,
            )
        ],
        marks=marks,
        last=known[-1] if known else None,
    )


def _mark(at: float, month: str, share: float, side: int) -> Mark:
    if is_missing(share):
        return Mark(at, _height(0.0), f"{month_words(month)}: no figure", "none")
    shape = _SHAPES[int(side)]
    label = f"{month_words(month)}: {share_words(share)}{_SHAPE_WORDS[shape]}"
    return Mark(at, _height(float(share)), label, shape)


def _phases(trend: pd.DataFrame, x: list[float], half: float) -> list[Phase]:
    phases = []
    places = pd.Series(x, index=trend.index, dtype="float64")
    for _, own in trend.groupby("phase"):
        first = own.iloc[0]
        if not is_missing(first["mean"]):
            ends = places[own.index]
            phases.append(
                Phase(
                    round(float(ends.iloc[0]) - half, 1),
                    round(float(ends.iloc[-1]) + half, 1),
                    *(_height(float(first[name])) for name in ("mean", "lower", "upper")),
                )
            )
    return phases


def _height(share: float) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share), 1)


def _runs(marks: list[Mark], phases: list[int]) -> list[str]:
    runs: list[list[str]] = [[]]
    for place, mark in enumerate(marks):
        if mark.shape == "none" or (place and phases[place] != phases[place - 1]):
            runs.append([])
        if mark.shape != "none":
            runs[-1].append(f"{mark.x:.1f},{mark.y:.1f}")
    return [" ".join(points) for points in runs if len(points) > 1]
