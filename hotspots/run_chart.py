"""Where the marks of a run chart lie: shares by month, drawn as SVG by the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hotspots.words import is_missing, share_words

WIDTH, HEIGHT = 640.0, 230.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 62.0, 16.0, 34.0
_LINES = (0.0, 0.25, 0.5, 0.75, 1.0)
_RADIUS = 4.0


class Mark(NamedTuple):
    """One month: the middle of its mark, what it says, and its shape."""

    x: float
    y: float
    label: str
    shape: str  # met, short or none


class RunChart(NamedTuple):
    """Everything a template needs to draw the chart."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    target: float  # height of the line from which on marks are `met`
    radius: float
    grid: list[tuple[float, str]]  # height of each line and its label
    ticks: list[tuple[float, str]]  # place of each month and its label
    paths: list[str]  # unbroken runs of months, as points of a polyline
    marks: list[Mark]
    last: Mark | None  # the latest month with a figure


def run_chart(
    months: Sequence[str], shares: Sequence[float | None], *, met_from: float
) -> RunChart:
    """Lay out shares by month as a line with a mark for each month.

    Parameters
    ----------
    months
        Names of the months, in order.
    shares
        0 to 1; missing where there is no figure: the line breaks there, and a cross stands below.
    met_from
        Share from which a mark has the shape `met`.
    """
    x = [_LEFT + (WIDTH - _LEFT - _RIGHT) * (i + 0.5) / len(months) for i in range(len(months))]
    marks = [
        Mark(at, _height(0.0), f"{month}: no figure", "none")
        if is_missing(share)
        else Mark(
            at,
            _height(float(share or 0)),
            f"{month}: {share_words(share)}",
            "met" if float(share or 0) >= met_from else "short",
        )
        for month, share, at in zip(months, shares, x, strict=True)
    ]
    known = [mark for mark in marks if mark.shape != "none"]
    # Every third month is named, so that the labels do not meet; always the last.
    named = [i for i in range(len(months)) if (len(months) - 1 - i) % 3 == 0]
    return RunChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=WIDTH - _RIGHT,
        bottom=HEIGHT - _BOTTOM,
        target=_height(met_from),
        radius=_RADIUS,
        grid=[(_height(line), share_words(line)) for line in _LINES],
        ticks=[(round(x[i], 1), months[i]) for i in named],
        paths=_runs(marks),
        marks=marks,
        last=known[-1] if known else None,
    )


def _height(share: float) -> float:
    return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - share), 1)


def _runs(marks: Sequence[Mark]) -> list[str]:
    runs: list[list[str]] = [[]]
    for mark in marks:
        if mark.shape == "none":
            runs.append([])
        else:
            runs[-1].append(f"{mark.x:.1f},{mark.y:.1f}")
    return [" ".join(points) for points in runs if len(points) > 1]
