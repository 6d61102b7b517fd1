"""The concentration curve as a picture in SVG: how few of the premises hold how many incidents."""

from __future__ import annotations

import pandas as pd

# Units of the picture: the plot's left, top and size, in CSS pixels at full width.
LEFT, TOP, WIDTH, HEIGHT = 54, 14, 420, 260
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def concentration_view(curve: pd.DataFrame | None) -> dict[str, object] | None:
    """Coordinates of the two curves, their labels and the same figures as rows.

    Parameters
    ----------
    curve
        ``share_premises, share_incidents, share_if_equal`` (0 to 1), as published; or None.

    Returns
    -------
    dict or None
        ``found, alike``: points of polylines from the corner on; ``dots``: the points read;
        ``ticks``: position and words of both axes; ``rows``: ``premises, incidents, alike`` in
        words. None where there is no curve.
    """
    if curve is None or curve["share_incidents"].isna().all():
        return None
    known = curve[curve["share_incidents"].notna()]
    at = known["share_premises"]
    found = list(zip(at, known["share_incidents"], strict=True))
    alike = list(zip(at, known["share_if_equal"], strict=True))
    return {
        "width": LEFT + WIDTH + 16,
        "height": TOP + HEIGHT + 44,
        "left": LEFT,
        "top": TOP,
        "right": LEFT + WIDTH,
        "bottom": TOP + HEIGHT,
        "found": _line(found),
        "alike": _line(alike),
        "dots": [dict(zip(("x", "y"), _place(x, y), strict=True)) for x, y in found],
        "ticks": [{"x": _place(t, 0)[0], "y": _place(0, t)[1], "words": f"{t:.0%}"} for t in TICKS],
        "rows": [
            {"premises": f"{x:.0%}", "incidents": f"{y:.0%}", "alike": f"{z:.0%}"}
            for (x, y), (_, z) in zip(found, alike, strict=True)
            if x < 1
        ],
    }


def _line(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in (_place(*p) for p in [(0.0, 0.0), *points]))


def _place(share_x: float, share_y: float) -> tuple[float, float]:
    return round(LEFT + WIDTH * share_x, 1), round(TOP + HEIGHT * (1 - share_y), 1)
