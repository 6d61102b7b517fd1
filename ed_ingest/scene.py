"""Which of the places that a text names is where it happened, and which lies on the way."""

from __future__ import annotations

from collections.abc import Sequence

from ed_ingest.known_places import Span
from ed_ingest.name_index import VENUES, NameIndex

# Just before a place: they came from there.
_CAME_FROM = frozenset({"from", "leaving", "left", "exited", "since", "following", "via", "not"})
# "from" after these tells where it is, not where they came from.
_DISTANCE = frozenset(
    {"away", "across", "yards", "yds", "metres", "m", "corner", "down", "up", "out", "opposite"}
)
# They were on their way there: "walking to X", "towards X".
_TOWARDS = frozenset({"to", "towards", "toward", "into"})
_MOVING = frozenset(
    {
        *("walking", "walked", "walk", "going", "heading", "headed", "way", "went", "travelling"),
        *("driving", "drove", "running", "ran", "taxi", "uber", "lift", "back", "return"),
        *("returning", "en", "route", "bus", "train", "home", "drive", "cycling", "taken"),
    }
)
# What went before there, if it happened somewhere else that the text names.
_BEFOREHAND = frozenset(
    {
        *("started", "began", "drinking", "drank", "been", "earlier", "previously", "drinks"),
        *("drink", "night", "out", "evening", "meal", "ate", "eating", "dinner", "concert", "gig"),
        *("match", "game", "shift", "worked", "lives", "live", "living", "stays", "staying"),
        *("met", "argument", "row", "altercation", "words", "disagreement", "dispute", "refused"),
        *("thrown", "kicked", "ejected", "pub", "party", "after", "was", "had", "bod", "ol"),
    }
)
_AT = frozenset({"in", "at", "inside", "with", "near", "outside", "of", "yn"})
_EARLIER = frozenset({"earlier", "before", "beforehand", "previously", "cynt"})
# Just before a place that stands beside the one where it happened.
_BESIDE = frozenset({"near", "behind", "opposite", "facing", "by", "towards", "beside", "ger"})
# Just behind a place: what follows is where it happened.
_THEN = frozenset(
    {"then", "earlier", "before", "beforehand", "previously", "first", "carried", "continued"}
)
_THEN |= frozenset({"spilled", "spilt", "followed", "chased", "moved", "later", "afterwards"})
# An assault told right before a place: it happened there.
_ASSAULT = frozenset(
    {
        *("assaulted", "punched", "hit", "attacked", "jumped", "stabbed", "kicked", "slapped"),
        *("bottled", "glassed", "headbutted", "beaten", "pushed", "struck", "happened", "injured"),
        *(
            "robbed",
            "mugged",
            "slashed",
            "fight",
            "fighting",
            "assault",
            "knocked",
            "found",
            "fell",
        ),
        *("shot", "bitten", "strangled", "attack", "incident", "inc", "occurred"),
    }
)
_SMALL = frozenset({"the", "a", "an", "st"})
_REACH = 5  # words before a place that may say how they came there


def where_it_happened(
    words: Sequence[str], breaks: Sequence[bool], spans: Sequence[Span], index: NameIndex
) -> list[Span]:
    """Leave out the places that lie before the event or on the way; all where none is left.

    Parameters
    ----------
    words
        Words of one text in normal form.
    breaks
        For each word, whether punctuation or the start of the text stands before it.
    spans
        Names of known places among them, in their order.
    index
        The gazetteer's names.
    """
    if len(spans) < 2:
        return list(spans)
    specific = [span for span in spans if _is_specific(span, index)]
    here = [s for s in spans if not _is_on_the_way(words, breaks, s, specific)]
    if specific and not any(_is_specific(s, index) for s in here):
        here = list(spans)
    return [s for s in here if not _is_landmark(words, s, here, index)]


def is_told_of_assault(words: Sequence[str], breaks: Sequence[bool], start: int) -> bool:
    """Whether the words right before a place tell the assault itself."""
    return not _ASSAULT.isdisjoint(_before(words, breaks, start))


def _is_landmark(words: Sequence[str], span: Span, here: Sequence[Span], index: NameIndex) -> bool:
    """Whether a venue only tells which end of a street that is named before it is meant."""
    if not any(index.kinds[row] in VENUES for row in span.rows):
        return False
    before = [word for word in words[max(0, span.start - 3) : span.start] if word not in _SMALL]
    beside = before[-1:] and (before[-1] in _BESIDE or before[-2:] == ["next", "to"])
    first = [s for s in here if s.end <= span.start and _is_specific(s, index)]
    return bool(beside and first)


def _is_specific(span: Span, index: NameIndex) -> bool:
    return any(index.kinds[row] in VENUES or index.kinds[row] == "street" for row in span.rows)


def _is_on_the_way(
    words: Sequence[str], breaks: Sequence[bool], span: Span, specific: Sequence[Span]
) -> bool:
    """Whether they had been at a place before, or were only going there."""
    before = _before(words, breaks, span.start)
    told = [word for word in before if word not in _SMALL]
    if told and told[-1] in _CAME_FROM and not (told[-1] == "from" and _DISTANCE & {*told[-2:-1]}):
        return True
    if told and told[-1] in _TOWARDS and not _MOVING.isdisjoint(told):
        return True
    if words[span.end : span.end + 1] and words[span.end] in _EARLIER and len(specific) > 1:
        return True
    if {*told[-4:]} >= {"ol", "bod"} or (told[-2:-1] == ["after"] and told[-1] in _AT):
        return True
    others = [s for s in specific if s.start >= span.end]
    if not others:
        return False
    behind = words[span.end : others[0].start]
    if behind[:1] == ["no"] or behind[:2] == ["not", "there"]:
        return True
    # "punched in A, then walked to B" happened in A.
    if not _ASSAULT.isdisjoint(told):
        return False
    beforehand = bool(told) and (
        told[-1] in _BEFOREHAND or (told[-1] in _AT and not _BEFOREHAND.isdisjoint(told[-3:]))
    )
    follows = not _THEN.isdisjoint(behind[:2]) or not _ASSAULT.isdisjoint(behind)
    return follows and (beforehand or not _THEN.isdisjoint(behind[:2]))


def _before(words: Sequence[str], breaks: Sequence[bool], start: int) -> Sequence[str]:
    """Words of the same clause before a place, the nearest last."""
    first = start
    while first > max(0, start - _REACH) and not breaks[first]:
        first -= 1
    return words[first:start]
