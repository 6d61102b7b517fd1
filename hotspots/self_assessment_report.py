"""The self-assessment's page: the partnership's sharing beside the survey of 2009."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from hotspots.pages import asset, render_page, write_page
from hotspots.self_assessment import PROTOCOLS_2009, SCORES, Assessment, Effectiveness
from hotspots.words import is_missing, period_words, share_words

LOW_SCORE = 2
COMMON = 0.5  # of the partnerships of 2009
MOST = 30  # six arrangements, all scored 5
AGENCIES_2009 = 13  # "with 13 of the 18 agencies listed", the survey's text above Table 3
MOST_NAMED = 5  # of what is not answered; the tables show them all
_SCORE_WORDS = {"ease": "ease of setting up", "working": "how well it works", "used": "use"}


def write_self_assessment(
    found: Assessment, path: Path, *, partnership: str, marking: str, answered_on: date | None
) -> None:
    """Write self-assessment.html: one file without any script.

    Parameters
    ----------
    found
        As from `self_assessment.assess`.
    path
        File to write; its folder is made.
    partnership, marking
        Printed at the top; the marking at the foot too.
    answered_on
        Day on which the partnership answered; None where that was not noted.
    """
    told = (
        f"answered on {period_words(answered_on, answered_on)}"
        if answered_on
        else "day of answers not noted"
    )
    data = {
        "title": "Sharing information: where we stand",
        "subtitle": f"{partnership}, {told}",
        "marking": marking,
        "figures": figures(found),
        "stands_out": list(stands_out(found)),
        "arrangements": [_row(row) for _, row in found.arrangements.iterrows()],
        "agencies": [_row(row) for _, row in found.agencies.iterrows()],
        "protocols": {name: share_words(share) for name, share in PROTOCOLS_2009.items()},
        "national": {
            "value": f"{found.national_effectiveness.value:.1f}",
            "n": f"{found.national_effectiveness.n_in_place:.1f}",
            "mean": f"{found.national_effectiveness.mean_used:.1f}",
        },
        "most": MOST,
    }
    styles = [asset("templates/completeness.css"), asset("templates/self-assessment.css")]
    write_page(path, render_page("self-assessment.html.j2", data=data, styles=styles))


def figures(found: Assessment) -> list[dict[str, str]]:
    """The three figures that come first: each with its words and that of 2009."""
    own, national = found.effectiveness, found.national_effectiveness
    return [
        {
            "figure": f"{own.n_in_place:.0f} of {len(found.arrangements)}",
            "words": "personalised arrangements are in place",
            "then": f"2009: {national.n_in_place:.1f} on average",
        },
        {
            "figure": "No figure" if own.value is None else f"{own.value:.1f}",
            "words": _effectiveness_words(own),
            "then": f"2009: about {national.value:.0f}",
        },
        {
            "figure": f"{_in_place(found.agencies)} of {len(found.agencies)}",
            "words": "agencies share anonymised data with us",
            "then": f"2009: {AGENCIES_2009} on average",
        },
    ]


def stands_out(found: Assessment) -> Iterator[str]:
    """What the answers give reason to look at, in sentences; most telling first."""
    both = pd.concat([found.arrangements, found.agencies], ignore_index=True)
    there, absent = both["in_place"].eq(True), both["in_place"].eq(False)
    unsigned = both[there & both["protocol_signed"].eq(False)]
    if len(unsigned):
        yield f"In place without a signed protocol: {_listed(unsigned['title'])}."
    for score in SCORES:
        low = both[there & both[score].le(LOW_SCORE)]
        if len(low):
            yield f"Scored 1 or 2 for {_SCORE_WORDS[score]}: {_listed(low['title'])}."
    idle = both[there & both["data_shared"].eq(False)]
    if len(idle):
        yield f"In place, but no data are shared: {_listed(idle['title'])}."
    missing = both[absent & both["national_in_place"].ge(COMMON)]
    missing = missing.sort_values("national_in_place", ascending=False, kind="stable")
    if len(missing):
        pairs = zip(missing["title"], missing["national_in_place"], strict=True)
        words = [f"{title} ({share_words(share)})" for title, share in pairs]
        yield f"Not in place here, though most partnerships had it in 2009: {_listed(words)}."
    unsaid = both[there & both["protocol_signed"].isna()]
    if len(unsaid):
        yield f"Whether a protocol is signed is not answered: {_listed(unsaid['title'])}."
    silent = both[both["in_place"].isna()]
    if len(silent) == len(both):
        yield "Nothing is answered yet."
    elif len(silent):
        named = f": {_listed(silent['title'])}" if len(silent) <= MOST_NAMED else ""
        yield f"Not answered, and counted as not in place: {len(silent)} of {len(both)}{named}."


def lines(found: Assessment) -> list[str]:
    """What the command prints."""
    return [
        *(f"{f['figure']} {f['words']} ({f['then']})." for f in figures(found)),
        *stands_out(found),
    ]


def _effectiveness_words(own: Effectiveness) -> str:
    if own.mean_used is None:
        return "for effectiveness: the use of none is scored"
    return f"effectiveness, of {MOST}: {own.n_in_place:.0f} in place × mean {own.mean_used:.1f}"


def _in_place(table: pd.DataFrame) -> int:
    return int(table["in_place"].eq(True).sum())


def _row(row: pd.Series) -> dict[str, object]:
    of_what_is_there = ("data_shared", "protocol_signed")
    asked = not is_missing(row["in_place"]) and bool(row["in_place"])
    return {
        "title": row["title"],
        "in_place": _yes_no(row["in_place"], row["national_in_place"]),
        **{n: _yes_no(row[n], row.get(f"national_{n}"), asked=asked) for n in of_what_is_there},
        "scores": [_score(row[name], row[f"national_{name}"]) for name in SCORES],
    }


def _yes_no(answer: bool | None, national: float | None, *, asked: bool = True) -> dict[str, str]:
    unanswered = is_missing(answer)
    return {
        "word": "Not answered" if unanswered else "Yes" if answer else "No",
        "kind": "" if not asked else "none" if unanswered else "met" if answer else "below",
        "then": "" if is_missing(national) else share_words(national),
    }


def _score(answer: int | None, national: float | None) -> dict[str, object]:
    """The score, the mean of 2009, and where both lie on a scale of 1 to 5 that is 92 wide."""
    known = {"own": answer, "mean": national}
    return {
        "word": "–" if is_missing(answer) else str(answer),
        "then": "" if is_missing(national) else f"{national:.1f}",
        **{
            name: None if value is None or is_missing(value) else round(6 + 20 * (value - 1), 1)
            for name, value in known.items()
        },
    }


def _listed(titles: pd.Series | list[str]) -> str:
    words = list(titles)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
