"""What link tells: sentences with shares in per cent, and none where nothing was compared."""

from __future__ import annotations

from hotspots.link_words import NONE_COMPARED, link_lines

FIGURES = {
    "n_linkable": 1275, "n_not_found": 1040, "known_share": 0.151598, "known_share_low": 0.113,
    "known_share_high": 0.199, "known_share_incident": 0.164, "chance_rate": 0.0213,
}  # fmt: skip
NAN = float("nan")


def test_the_figures_are_told_in_sentences_with_per_cents():
    told = " ".join(link_lines(FIGURES))

    assert "1,275 assaults" in told
    assert "1,040 of them" in told
    for share in ("15%", "11%", "20%", "16%", "2%"):
        assert share in told
    assert "0.15" not in told
    assert "known_share" not in told
    assert "moved by one or two weeks" in told


def test_where_nothing_was_compared_no_share_is_told():
    none = dict.fromkeys(FIGURES, NAN) | {"n_linkable": 0, "n_not_found": 0}

    assert link_lines(none) == [NONE_COMPARED]


def test_a_chance_that_is_not_known_is_not_told():
    assert "chance" not in " ".join(link_lines(FIGURES | {"chance_rate": NAN}))
