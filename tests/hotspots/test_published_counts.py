"""Codes as they may be shown: in no order, and with no row, that tells of the exact counts."""

from __future__ import annotations

import pandas as pd

from hotspots.published_counts import publish_codes
from hotspots.small_numbers import Rules


def shown(counts: dict[str, int]) -> list[tuple]:
    table = pd.DataFrame({"code": list(counts), "n": list(counts.values())})
    rules = Rules(5, "round5", sum(counts.values()), premises_names=False)
    return list(publish_codes(table, rules).itertuples(index=False, name=None))


def test_codes_shown_alike_stand_in_the_order_of_the_alphabet():
    # By size it would be d, c, b, a: four in a row of which each has more than the next.
    counts = {"z": 30, "d": 4, "c": 3, "b": 2, "a": 1}

    assert shown(counts) == [("z", 30), ("a", 5), ("b", 5), ("c", 5), ("d", 5)]


def test_where_no_count_is_shown_no_code_is():
    # Seven codes of seven records would be one each.
    assert shown(dict.fromkeys("abcdefg", 1)) == []
