"""Whether what stands around a word makes a person of it: "mate X", "hit by X", "X from work"."""

from __future__ import annotations

from ed_ingest.text_words import ENDS, OPENS, Text, is_capital
from ed_ingest.word_kinds import (
    ALSO_NAME,
    CUE,
    DEED,
    FORENAME,
    NAME,
    RELATION,
    STRONG,
    TITLED,
    TOLD,
    TYPE,
    around_places,
)

_WHOM = frozenset({"him", "her", "pt", "px", "them", "me", "us", "his", "it", "patient", "victim"})
_AND = frozenset({"and", "or", "a", "ac", "/"})
_BEFORE_SOMEBODY = frozenset({"by", "gan", "as", "was", "pt"})
_BEHIND_SOMEBODY = _AND | {"who", "from", "did"}


def is_also_a_name(text: Text, i: int) -> bool:
    """Whether an ordinary word that is also a name is one here."""
    flag, end = text.flags[i], len(text.words)
    before = text.flags[i - 1] if i and not text.covered[i - 1] else 0
    if before & STRONG or (before & NAME and not flag & TYPE):
        return True
    if not flag & TITLED and names_somebody(text, i):
        return True
    if _is_of_a_full_name(text, i):
        return True
    if not flag & FORENAME:
        return False
    following = text.flags[i + 1] if i + 1 < end and not text.covered[i + 1] else 0
    if following & NAME and not text.breaks[i + 1]:
        return True
    if before & CUE and is_capital(text, i):
        return True
    if i > 1 and text.words[i - 1] in _AND and _is_gone(text, i - 2):
        return True
    if i + 2 < end and text.words[i + 1] in _AND and text.flags[i + 2] & NAME:
        return True
    return is_cued(text, i)


def _is_of_a_full_name(text: Text, i: int) -> bool:
    """Whether a word is one of two names behind "hit by": "Jan Snow", "Will Green"."""
    for first in (i - 1, i):
        pair = range(first, first + 2)
        if first < 0 or first + 2 > len(text.words) or text.breaks[first + 1]:
            continue
        named = all(text.flags[k] & (NAME | ALSO_NAME) and not text.covered[k] for k in pair)
        cued = _is_agent(text, first) or (first > 0 and text.flags[first - 1] & STRONG != 0)
        if named and cued:
            return True
    return False


def _is_gone(text: Text, i: int) -> bool:
    """Whether a word is a name: always one, or a forename behind a cue."""
    if text.flags[i] & FORENAME:
        return i > 0 and text.flags[i - 1] & CUE != 0
    return text.flags[i] & NAME != 0


def names_somebody(text: Text, i: int) -> bool:
    """Whether what stands around a word makes a person of it, even if a place is called so."""
    if not _is_telling(text, i):
        return False
    if did_it(text, i) or is_known_as(text, i):
        return True
    flag = text.flags[i]
    doer = flag & FORENAME or (
        _clause_ends(text, i) and flag & ALSO_NAME and not flag & (TYPE | TOLD)
    )
    return bool(doer) and _is_agent(text, i)


def _is_telling(text: Text, i: int) -> bool:
    """Whether the words beside a word may make a person of it: a quick test."""
    if i and text.words[i - 1] in _BEFORE_SOMEBODY:
        return True
    if i + 1 == len(text.words):
        return False
    following = text.flags[i + 1] & DEED or text.breaks[i + 1] == OPENS
    return bool(following) or text.words[i + 1] in _BEHIND_SOMEBODY


def _clause_ends(text: Text, i: int) -> bool:
    """Whether a word is the last before punctuation, a place or "and"."""
    if i + 1 == len(text.words) or text.breaks[i + 1]:
        return True
    return text.words[i + 1] in around_places("at") | _AND


def _is_agent(text: Text, i: int) -> bool:
    """Whether a deed was done by what a word names: "hit by X", "brought in by X"."""
    if i == 0 or text.covered[i - 1] or text.words[i - 1] not in ("by", "gan"):
        return False
    return i < 2 or text.flags[i - 2] & DEED != 0 or text.words[i - 3 : i - 1] == ["brought", "in"]


def is_known_as(text: Text, i: int) -> bool:
    """Whether somebody is called so, or a relation stands behind the word: "X (bf)"."""
    before = text.words[max(0, i - 2) : i]
    if before == ["known", "as"]:
        return True
    if text.flags[i] & FORENAME and (before == ["it", "was"] or before[-1:] == ["pt"]):
        return _clause_ends(text, i) or text.flags[i + 1] & DEED != 0
    related = i + 1 < len(text.words) and text.breaks[i + 1] == OPENS
    own = text.flags[i] & TYPE == 0 or is_capital(text, i)
    return related and own and text.flags[i + 1] & RELATION != 0


def is_cued(text: Text, i: int) -> bool:
    """Whether what stands before a word makes a person of it: "mate X", "hit by X", "with X"."""
    if i == 0 or text.covered[i - 1] or text.breaks[i] == ENDS:
        return False
    cued = text.flags[i - 1] & STRONG or text.words[i - 1] == "with"
    return bool(cued) or _is_agent(text, i) or is_known_as(text, i)


def did_it(text: Text, i: int) -> bool:
    """Whether a word is followed by a deed to somebody, or by where the person is known from."""
    if not (text.breaks[i] or text.words[i - 1] in _AND):
        return False
    following = text.words[i + 1 : i + 3]
    if not following or text.breaks[i + 1] == ENDS:
        return False
    told = following[0]
    if told == "who" or (told == "from" and following[-1] in around_places("circle")):
        return True
    if told in _AND and following[-1] in ("others", "mates", "friends", "pals"):
        return True
    deed = text.flags[i + 1] & DEED or told == "did"
    return bool(deed) and following[-1] in _WHOM
