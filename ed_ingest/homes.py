"""Tell whether words of a location say a home: homes are never placed and never described."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise

from ed_ingest.house_addresses import is_house_address
from ed_ingest.words import vocabulary, vocabulary_kind

_PLACE = "·"  # stands for a word of a known place
_AT = frozenset({"at", "in", "inside", "to", "outside", "near"})
_DOOR = frozenset({"front", "back"})
_LIVES = frozenset(
    {"lives", "live", "living", "resides", "resident", "stays", "staying", "lived", "residing"}
)
_PERSONS = frozenset({"he", "she", "they", "pt", "px", "patient", "victim"})
_ROOMS = frozenset(
    {
        *("garden", "door", "drive", "kitchen", "porch", "room", "rm", "place", "bed", "gaff"),
        *("digs", "tent", "caravan"),
    }
)
# Somebody's even where the somebody is called like a venue: "at Quimby's flat".
_OF_SOMEBODY = frozenset({"a", "the", "his", "her", "their", "friend", "my", "pt", "patient"})
_DWELLINGS = frozenset({"flat", "house", "home", "address"})
_WELSH_HOUSE = frozenset({"ty", "nhy", "dy", "fflat", "nghartref", "cartref", "gartref"})
# Words that say a home behind one of these, or where they are somebody's.
_BEHIND = {
    "property": frozenset({"private", "residential", "a", "in"}),
    "halls": frozenset({"student", "uni", "university"}),
}
_BESIDE = frozenset({"by", "near", "outside", "opposite", "behind", "past", "the"})


def says_home(
    words: Sequence[str],
    covered: Sequence[bool],
    *,
    venue: bool,
    business_addresses: Collection[str],
) -> bool:
    """Whether the words say that it happened at somebody's home.

    Parameters
    ----------
    words
        Words of one text in normal form.
    covered
        For each word, whether it belongs to the name of a known place.
    venue
        The text names a known place other than a street: a number with a street is then its
        address.
    business_addresses
        Numbers with the word of the street behind them, such as ``112 city road``, of known
        premises: no home.
    """
    if _names_a_home(words, covered) or _says_welsh_home(words):
        return True
    return not venue and is_house_address(words, covered, business_addresses)


def _says_welsh_home(words: Sequence[str]) -> bool:
    """Whether the words say somebody's house in Welsh: "ty ffrind", "yn nhy mam"."""
    pairs = pairwise(words)
    return any(house in _WELSH_HOUSE and whose in _WELSH_OWNERS for house, whose in pairs)


_WELSH_OWNERS = frozenset(
    {
        *("ffrind", "ffrindiau", "mam", "fam", "tad", "dad", "nain", "taid", "mamgu", "tadcu"),
        *("cariad", "gariad", "brawd", "chwaer", "partner", "ei", "claf", "hun"),
        *("cymydog", "gymydog", "rhieni", "teulu", "merch", "mab", "ewythr", "modryb"),
    }
)


def kind_of_home(words: Sequence[str]) -> str:
    """Whose home the words mean: ``own_home``, or ``other_home`` where they name others."""
    others = _OTHERS | _words("relative")
    return "other_home" if others & set(words) and "own" not in words else "own_home"


_OTHERS = frozenset({"friend", "neighbour", "partner", "party", "ex", "someones"})


def home_positions(words: Sequence[str]) -> set[int]:
    """Positions of the words that say that it was a home, and whose."""
    said = _triggers() | _SAYING | _words("whose")
    return {i for i, word in enumerate(words) if word in said}


_SAYING = frozenset(
    {"at", "in", "own", "party", "front", "back", "family", "next", "door", "outside", "someones"}
)


def _names_a_home(words: Sequence[str], covered: Sequence[bool]) -> bool:
    if _triggers().isdisjoint(words):
        return False
    own = [
        _PLACE if covered[i] and not _owns_a_dwelling(words, covered, i) else word
        for i, word in enumerate(words)
    ]
    padded = ["", "", *own, "", ""]
    return any(word in _triggers() and _is_home(padded, i + 2) for i, word in enumerate(own))


def _owns_a_dwelling(words: Sequence[str], covered: Sequence[bool], i: int) -> bool:
    """Whether a word of a venue's name stands with an s before a flat that is none of it."""
    behind = i + 1 < len(words) and words[i + 1] in _DWELLINGS and not covered[i + 1]
    return behind and words[i].endswith("s")


def _is_home(padded: Sequence[str], i: int) -> bool:
    word, before, after, alone = padded[i], padded[i - 1], padded[i + 1], padded[i - 1] == ""
    whose = before in _words("whose") or before in _words("relative") or _is_somebodys(before)
    if word == "home":
        way = before in _words("not_home_after") or (
            whose and padded[i - 2] in _words("not_home_after")
        )
        return not way and after not in _words("not_home_before")
    if word == "house":
        return _is_a_house(padded, i, somebodys=whose)
    if word == "flat":
        number = after.isdigit() or len(after) == 1 or after in ("no", "number")
        on = after in ("on", "out", "roof") and not whose
        return not on and (
            whose or number or alone or before in ("a", "the", "in", "at", "private")
        )
    if word in _ROOMS:
        near = padded[i - 2] in _words("whose") and before in _DOOR
        mine = before == "in" if word == "bed" else before in ("front", "back") and word == "garden"
        named = word == "place" and before not in _words("whose") and not _is_a_names(before)
        whose = whose and not (named and before not in _words("relative"))
        addressed = after == "of" and padded[i + 2].isdigit()
        return (whose or near or mine or addressed) and (addressed or after not in ("of", "staff"))
    if word in ("address", "addr"):
        return alone or whose or before in ("home", "private", "current", "known", "same", "family")
    if word in _LIVES:
        where = padded[max(0, i - 4) : i]
        return after in ("there", "here") or ("where" in where and not _PERSONS.isdisjoint(where))
    if word in _BEHIND:
        return whose or (before in _BEHIND[word] and padded[i - 2] not in _BESIDE)
    if word in _words("relative"):
        follows = after in ("", _PLACE) or after.isdigit()
        if before == "a" and padded[i - 2] in _AT:
            return follows or after not in vocabulary("safe_words")
        return follows and (before in _AT or alone)
    return before not in ("halls", "hall") or word == "residence"


def _is_a_house(padded: Sequence[str], i: int, *, somebodys: bool) -> bool:
    """Whether a house is one that people live in: no public house, no House of Fraser."""
    before, after = padded[i - 1], padded[i + 1]
    if before in _words("not_house_after"):
        return False
    if after == "of" and padded[i + 2] not in _OF_SOMEBODY:
        return False
    some = before in ("", "a", "private", "in", "at", "same", "student", "shared")
    return somebodys or some or after == "party"


def _is_somebodys(word: str) -> bool:
    """Whether a word may be "Rhys", "Darren's" or the like: no word of ours, ending in s."""
    return word.endswith("s") and word not in vocabulary("safe_words") and word not in _triggers()


def _is_a_names(word: str) -> bool:
    """Whether a word is a person's name with an s: "Darren's place", unlike Dumfries Place."""
    return word.removesuffix("s") in vocabulary("person_names", "name")


@cache
def _triggers() -> frozenset[str]:
    others = frozenset({"home", "house", "flat", "address", "addr", "property", "halls"})
    return others | _ROOMS | _LIVES | _words("dwelling") | _words("relative")


def _words(role: str) -> frozenset[str]:
    return vocabulary_kind("home_words", "role", role)
