"""What a published page must say about itself: what was withheld, and how far to trust it."""

from __future__ import annotations

from hotspots.small_numbers import Rules
from hotspots.tables import Findings

# Below this share of placed records a map is not reliable (Ratcliffe 2004,
# DOI 10.1080/13658810310001596076).
LEAST_SHARE_PLACED = 0.85


def withheld_words(
    rules: Rules,
    *,
    bandwidth_m: float,
    n_hot_spots: int,
    n_premises: int,
    n_counts: int,
) -> tuple[str, ...]:
    """Sentences on what gate 2 held back: how many things, never their values."""
    few = f"with fewer than {rules.threshold} incidents"
    sentences = [
        _left_out(n_hot_spots, f"hot spot {few}", f"hot spots {few}"),
        _left_out(n_premises, f"of the premises {few}", f"premises {few}")
        if rules.premises_names
        else "Premises are not named: the sharing agreement does not allow it.",
        _left_out(
            n_counts,
            f"count, because a number under {rules.threshold} could be worked out,",
            f"counts, because numbers under {rules.threshold} could be worked out,",
        ),
        f"Density is left out where fewer than {rules.threshold} incidents lie within "
        f"{bandwidth_m:g} m, and where it is a small bump by itself.",
        "Assaults at homes are counted and never placed on the map.",
    ]
    return tuple(sentence for sentence in sentences if sentence)


def analyst_words(rules: Rules, *, police_note: str, n_police_hot_spots: int) -> tuple[str, ...]:
    """Sentences on the police layers, which only the analyst's files hold."""
    few = f"with fewer than {rules.threshold} incidents"
    left_out = _left_out(n_police_hot_spots, f"police hot spot {few}", f"police hot spots {few}")
    return tuple(sentence for sentence in (police_note, left_out) if sentence)


def caveat_words(
    findings: Findings, *, share_placed: float | None, false_places: list[int]
) -> tuple[str, ...]:
    """Sentences on how far the figures can be trusted.

    Parameters
    ----------
    findings
        For what was found; no figure of it is repeated.
    share_placed
        Of the assaults that were not at a home, those on the map; as published, 0 to 1.
    false_places
        Ranks of the published hot spots that lie at a hospital or police station.
    """
    sentences = [
        "Records are de-identified. They count attendances at emergency departments; place and "
        "time are as the patient told them.",
    ]
    if share_placed is not None and share_placed < LEAST_SHARE_PLACED:
        sentences.append(
            f"Of the assaults that were not at a home, only {share_placed:.0%} could be placed. "
            f"Below {LEAST_SHARE_PLACED:.0%} a map may mislead (Ratcliffe 2004)."
        )
    if findings.links:
        sentences.append(
            "“No matching police record found” means that none was found for that place and time. "
            "The police may hold one under another place, time or offence."
        )
    if false_places:
        which = " and ".join(str(rank) for rank in false_places)
        sentences.append(
            f"Hot spot {which}: at a hospital or police station. Records are often put there for "
            "want of the true place."
        )
    if findings.n_undated:
        sentences.append("Records without any date are in none of the figures.")
    if findings.assaults is not None and findings.assaults.surface.n_beyond:
        sentences.append("Records placed too far away to be on the map are not drawn.")
    return tuple(sentences)


def _left_out(n: int, one: str, several: str) -> str:
    if not n:
        return ""
    return f"1 {one} is not shown." if n == 1 else f"{n} {several} are not shown."
