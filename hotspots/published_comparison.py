"""The comparison of areas as it may be shown: ranks of rounded counts, and what they can tell."""

from __future__ import annotations

import pandas as pd

from hotspots.area_comparison import HOSPITALS, POLICE, RANK_COLUMNS, rank_areas
from hotspots.small_numbers import LEAST_BASE, Rules, round_count

WHAT_IT_IS = (
    "Area comparison (area_comparison.csv): ranks of non-residential small areas, where premises "
    "stand at least twice as thick as in the partnership as a whole. Hospital figures leave out "
    "assaults at homes; police figures include violence at home and without injury, so only the "
    "order of areas is compared, never the numbers."
)
NO_PREMISES = (
    "Area comparison: none, since no small area could be told to be non-residential. Put areas and "
    "a list of premises into reference/, such as the Food Standards Agency's of the authority."
)


def publish_comparison(table: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """Rank the areas by counts that could themselves be shown.

    Ranks of exact counts would tell which of two areas shown alike has more, and many such answers
    give small numbers away. So counts are rounded first, by either method, and areas that round to
    the least figure or to none are left out: their order would be that of small numbers.

    Parameters
    ----------
    table
        As from `area_comparison.compare_areas`, or None.
    rules
        The agreement's rules.

    Returns
    -------
    DataFrame or None
        ``code, name`` and `area_comparison.RANK_COLUMNS`, by the hospitals' rank; no counts.
    """
    if table is None:
        return None
    base = max(LEAST_BASE, rules.threshold)
    counts = {
        column: table[column].map(lambda n: round_count(n, threshold=rules.threshold))
        for column in ("n_assaults", "n_police")
    }
    rounded = table[["code", "name"]].assign(**counts)
    enough = (rounded["n_assaults"] > base) & (rounded["n_police"] > base)
    ranked = rank_areas(rounded[enough], rounded_to=base)
    ranked = ranked.sort_values(["rank_hospitals", "rank_police", "code"], ignore_index=True)
    return ranked[["code", "name", *RANK_COLUMNS]]


def comparison_words(
    table: pd.DataFrame | None, published: pd.DataFrame | None, rules: Rules
) -> tuple[str, ...]:
    """Sentences on the comparison for the analyst; none where it was not made.

    Parameters
    ----------
    table, published
        As handed to and as given back by `publish_comparison`.
    rules
        For how many assaults an area needs.
    """
    if table is None or published is None:
        return ()
    if table.empty:
        return (NO_PREMISES,)
    base = max(LEAST_BASE, rules.threshold)
    told = published["ranked_higher_by"].value_counts()
    return (
        WHAT_IT_IS,
        f"Ranked: {len(published)} of {len(table)} non-residential areas; the others have fewer "
        f"than {_least_ranked(base)} of either. Hospitals rank {told.get(HOSPITALS, 0)} of them "
        f"clearly higher, police {told.get(POLICE, 0)}.",
    )


def _least_ranked(base: int) -> int:
    """Smallest count that rounds to more than the base."""
    return next(n for n in range(base, 3 * base) if round_count(n, threshold=base) > base)
