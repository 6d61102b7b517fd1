"""What the command link tells of the assaults that it compared with police records."""

from __future__ import annotations

from collections.abc import Mapping

from hotspots.words import chance_words, is_missing, share_words

NONE_COMPARED = (
    "No assault could be compared with police records: that needs records of both for the same "
    "months, with a day and a place that is not a home."
)


def link_lines(figures: Mapping[str, float]) -> list[str]:
    """The figures of ``link --json`` (see `ed_ingest.linkage.link_summary`) in sentences."""
    n, not_found = int(figures["n_linkable"]), int(figures["n_not_found"])
    share = figures["known_share"]
    if not n or is_missing(share):
        return [NONE_COMPARED]
    low, high = figures["known_share_low"], figures["known_share_high"]
    lines = [
        f"Compared with police records: {n:,} assaults.",
        f"Estimated share with a matching police record: {share_words(share)} (95 % interval "
        f"{share_words(low)}–{share_words(high)}); links in doubt count in part.",
    ]
    alike = figures["known_share_incident"]
    if not is_missing(alike):
        lines.append(
            f"The same where all patients of an incident are taken for as likely known as the "
            f"likeliest of them: {share_words(alike)}."
        )
    lines.append(f"No record that is likely enough was found for {not_found:,} of them.")
    chance = chance_words(figures["chance_rate"])
    if chance:
        lines.append(
            f"By chance alone a record would be found for {chance}: as many are when the assaults "
            "are moved by one or two weeks, where no link can be right."
        )
    return lines
