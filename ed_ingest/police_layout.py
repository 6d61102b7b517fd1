"""Propose how to read a police file: police.uk as published, or a force's own extract."""

from __future__ import annotations

from ed_ingest.contents import Look, look_at
from ed_ingest.headings import heading_meanings
from ed_ingest.proposal import Suggestion
from ed_ingest.schema import load_layout
from ed_ingest.tables import RawExtract

PUBLISHED = "police-uk-street"
_FEWEST_LIKENESS = 0.55
_NEVER = ("left", "identifier")
_TIMES = ("committed_from", "committed_to")


def is_police_uk(raw: RawExtract) -> bool:
    """Whether the file has the columns of a published street file."""
    wanted = {str(header).casefold() for header in load_layout(PUBLISHED)["columns"].values()}
    return wanted <= {str(name).casefold() for name in raw.columns}


def propose_police(raw: RawExtract) -> tuple[Suggestion, ...]:
    """Propose the mapping of a force's extract.

    Parameters
    ----------
    raw
        Cells as delivered.

    Returns
    -------
    tuple
        One suggestion for each column in order; each column of schemas/police_crime.json at most
        once, by the heading most like it. Names, addresses and free text are never mapped.
    """
    headings = [str(name) for name in raw.columns]
    likeness = heading_meanings(headings, lexicon="police_headings")
    taken: dict[str, tuple[float, int]] = {}
    meanings = []
    for place, heading in enumerate(headings):
        row = likeness.iloc[place]
        near, meaning = float(row.max()), str(row.idxmax())
        meanings.append((meaning, near))
        if meaning in _NEVER or near < _FEWEST_LIKENESS:
            continue
        target = _target(meaning, look_at(raw[heading])) if meaning in _TIMES else meaning
        if near > taken.get(target, (0.0, 0))[0]:
            taken[target] = (near, place)
    columns = {place: target for target, (_, place) in taken.items()}
    return tuple(
        Suggestion(
            heading,
            meanings[place][0],
            (columns[place],) if place in columns else (),
            round(meanings[place][1], 2),
            meanings[place][0] == "identifier",
        )
        for place, heading in enumerate(headings)
    )


def _target(meaning: str, look: Look) -> str:
    """Date, time or both in one column."""
    if look.moment > 0.1 or look.n == 0:
        return meaning
    return f"{meaning}_time" if look.clock > look.day else f"{meaning}_date"
