"""How often a change is called where nothing changed, and where something doubled."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.evaluation.simulated_periods import (
    ALONE,
    BRAWLS,
    PAIRS,
    Town,
    circles,
    delivered,
    records,
)
from hotspots.change import CHANGED, Change, find_changes

# May 2025 has five Thursdays, Fridays and Saturdays; May 2024 five Wednesdays to Fridays.
QUARTER = (("2025-03-01", "2025-05-31"), ("2024-03-01", "2024-05-31"))
MONTH = (("2025-05-01", "2025-05-31"), ("2024-05-01", "2024-05-31"))
# Records placed: a little better by every hospital, or as by a new system at all of them.
A_LITTLE = {"county": 0.74, "st-mary": 0.72, "st-teilo": 0.70}
MUCH = {"county": 0.78, "st-mary": 0.78, "st-teilo": 0.78}


class Condition(NamedTuple):
    """A town in which nothing changes but the way it is seen."""

    name: str
    changes: dict[str, object]
    hospitals: dict[str, float] | None = None
    months: int = 3
    is_late: bool = False
    one_doubles: bool = False
    least_mean: float = 12.0


UNCHANGED = (
    Condition("independent assaults, all known", {"sizes": ALONE}),
    Condition("patients in groups, 3 in 10 not known as one", {"sizes": PAIRS, "known": 0.7}),
    Condition("brawls of up to 12, none known as one", {"sizes": BRAWLS, "known": 0.0}),
    Condition("one month, five Saturdays against four", {"known": 0.7}, months=1),
    Condition("one hospital of three late", {"known": 0.7}, is_late=True),
    Condition("mapped share up by 0 to 4 points", {"known": 0.7}, hospitals=A_LITTLE),
    Condition("mapped share 70 → 78 %", {"known": 0.7}, hospitals=MUCH),
    Condition(
        "rates of nights gamma-mixed, season",
        {"known": 0.7, "crowds_town": 0.4, "crowds_here": 0.6, "season": 0.3},
    ),
    Condition(
        "all of these, brawls",
        {
            "sizes": BRAWLS,
            "known": 0.6,
            "crowds_town": 0.4,
            "crowds_here": 0.4,
            "season": 0.3,
        },
        hospitals=A_LITTLE,
        is_late=True,
    ),
)
DOUBLED = tuple(
    Condition(f"one of twelve doubled, from {n} incidents", {"known": 0.7}, one_doubles=True,
              least_mean=float(n))
    for n in (25, 50, 80)
)  # fmt: skip


def one_map(seed: int, condition: Condition, *, n: int = 12) -> Change:
    """What the method says of one simulated map of `n` hot spots.

    The means are gamma numbers above the least one; of the first hot spot, the one that doubles,
    the placed incidents of the earlier period have the least mean itself.
    """
    rng = np.random.default_rng(seed)
    means = condition.least_mean + rng.gamma(1.2, 40, n)
    growth = np.ones(n)
    if condition.one_doubles:
        means[0], growth[0] = condition.least_mean / 0.75, 2.0
    town = Town(means=tuple(means), **condition.changes)  # type: ignore[arg-type]
    now, before = QUARTER if condition.months == 3 else MONTH
    earlier = records(rng, town, *before)
    later = records(rng, town, *now, growth=growth, hospitals=condition.hospitals)
    late = later["provider"].eq("st-teilo") & later["night_of"].ge("2025-05-12")
    assaults = pd.concat([earlier, later[~late] if condition.is_late else later])
    return find_changes(
        assaults.reset_index(drop=True),
        circles(n),
        complete=delivered(
            town, late="st-teilo" if condition.is_late else None, late_month="2025-05"
        ),
        period_to=date(2025, 5, 31),
        months=condition.months,
    )


# A rate half as high again, at hot spots from small to large.
GROWN, GROWN_MEANS = 1.5, (15.0, 30.0, 60.0, 200.0)


def ratios_held(seed: int, changes: dict[str, object]) -> tuple[bool, ...] | None:
    """Whether the interval of each rate ratio holds the true one; None where no call is made."""
    rng = np.random.default_rng(seed)
    town = Town(means=GROWN_MEANS, **changes)  # type: ignore[arg-type]
    now, before = QUARTER
    assaults = [
        records(rng, town, *before), records(rng, town, *now, growth=GROWN, hospitals=A_LITTLE)
    ]  # fmt: skip
    found = find_changes(
        pd.concat(assaults, ignore_index=True),
        circles(len(GROWN_MEANS)),
        complete=delivered(town),
        period_to=date(2025, 5, 31),
    )
    spots = found.hot_spots
    held = (spots["ratio_low"] <= GROWN) & (spots["ratio_high"] >= GROWN)
    return tuple(held) if found.is_called else None


def is_any_called(found: Change) -> bool:
    """Whether any hot spot of a map is called changed."""
    return bool(found.hot_spots["trend"].isin(CHANGED).any())


def is_first_called(found: Change) -> bool:
    """Whether the hot spot that doubled is called so."""
    return bool(found.hot_spots["trend"].iloc[0] in ("emerging", "new"))
