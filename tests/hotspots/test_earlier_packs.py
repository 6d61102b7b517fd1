from __future__ import annotations

import json
from datetime import date

import pytest

from hotspots.disclosure import disclose
from hotspots.earlier_packs import Earlier, method_beside, overlapping
from hotspots.kept_packs import earlier_packs
from tests.hotspots.town import findings

YEAR = date(2025, 4, 1), date(2026, 3, 31)


@pytest.mark.parametrize(
    ("begin", "end", "overlaps"),
    [
        (date(2025, 3, 1), date(2026, 2, 28), True),
        (date(2025, 4, 1), date(2026, 3, 31), True),
        (date(2024, 4, 1), date(2025, 3, 31), False),
        # The completeness report of that pack looks on twelve months, whatever its map does.
        (date(2026, 12, 1), date(2027, 2, 28), True),
        (date(2027, 1, 1), date(2027, 3, 31), False),
        (None, None, True),
    ],
)
def test_packs_overlap_where_they_count_the_same_nights(begin, end, overlaps):
    earlier = [Earlier("2026-02", begin, end)]

    assert overlapping(*YEAR, earlier) == (("2026-02",) if overlaps else ())


def test_the_nights_of_earlier_packs_come_from_their_manifests(tmp_path):
    for name, manifest in [("2026-01", {"period_from": "2025-02-01", "period_to": "2026-01-31"}),
                           ("2026-01.v2", "not a manifest")]:  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest))

    assert earlier_packs(tmp_path, ["2026-01", "2025-12"]) == [
        Earlier("2025-12", None, None),
        Earlier("2026-01", date(2025, 2, 1), date(2026, 1, 31)),
        Earlier("2026-01.v2", None, None),
    ]


def test_beside_an_earlier_pack_counts_are_rounded():
    found = findings(*[{}] * 33)
    rules = {"threshold": 5, "method": "suppress_lt5", "premises_names": True, "marking": "O"}
    alone, beside = disclose(found, **rules), disclose(found, **rules, beside=("2026-02",))

    assert (alone.n_recorded, alone.rounding) == (33, "suppress_lt5")
    assert (beside.n_recorded, beside.rounding) == (35, "round5")
    (told,) = [each for each in beside.held_back if each.rule == "earlier_pack"]
    assert told.why.endswith("2026-02")
    assert method_beside("round5", ()) == "round5"
