"""Tell whether words of a location say a home: homes are never placed and never described."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from ed_ingest.words import vocabulary, vocabulary_kind

_PLACE = "·"  # stands for a word of a known place
_AT = frozenset({"at", "in", "inside", "to", "outside", "near"})
_DOOR = frozenset({"front", "back"})
_LIVES = frozenset(
    {"lives", "live", "living", "resides", "resident", "stays", "staying", "lived", "residing"}
)
_PERSONS = frozenset({"he", "she", "they", "pt", "px", "patient", "victim"})
_WELSH_STREETS = frozenset({"heol", "ffordd", "stryd", "clos", "maes", "lon", "rhodfa", "plas"})
_ROOMS = frozenset(
    {"garden", "door", "drive", "kitchen", "porch", "room", "rm", "place", "bed", "gaff", "digs"}
)
# Words that say a home behind one of these, or where they are somebody's.
_BEHIND = {
    "property": frozenset({"private", "residential", "a", "in"}),
    "halls": frozenset({"student", "uni", "university"}),
}
_BESIDE = frozenset({"by", "near", "outside", "opposite", "behind", "past", "the"})
MOST_HOUSE_DIGITS = 4


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
    if _names_a_home(words, covered):
        return True
    return not venue and _is_house_address(words, business_addresses)


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
    own = [_PLACE if covered[i] else word for i, word in enumerate(words)]
    padded = ["", "", *own, "", ""]
    return any(word in _triggers() and _is_home(padded, i + 2) for i, word in enumerate(own))


def _is_home(padded: Sequence[str], i: int) -> bool:
    word, before, after, alone = padded[i], padded[i - 1], padded[i + 1], padded[i - 1] == ""
    whose = before in _words("whose") or before in _words("relative") or _is_somebodys(before)
    if word == "home":
        way = before in _words("not_home_after") or (
            whose and padded[i - 2] in _words("not_home_after")
        )
        return not way and after not in _words("not_home_before")
    if word == "house":
        some = before in ("a", "private", "in", "at", "same", "student", "shared")
        return before not in _words("not_house_after") and (
            whose or some or alone or after == "party"
        )
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


def _is_somebodys(word: str) -> bool:
    """Whether a word may be "Rhys", "Darren's" or the like: no word of ours, ending in s."""
    return word.endswith("s") and word not in vocabulary("safe_words") | _triggers()


def _is_a_names(word: str) -> bool:
    """Whether a word is a person's name with an s: "Darren's place", unlike Dumfries Place."""
    return word.removesuffix("s") in vocabulary("person_names", "name")


def _is_house_address(words: Sequence[str], business_addresses: Collection[str]) -> bool:
    for i, word in enumerate(words):
        if not word[:1].isdigit() or not is_house_number(word):
            continue
        if is_time_of_day(words, i) or _is_numbered(words, i):
            continue
        street = _street_end(words, i)
        if " ".join(words[i : i + 3]) in business_addresses:
            return False
        if street and not (_words("public") & set(words[max(0, i - 3) : i])):
            return not (_venue_words() & {*words[:i], *words[street:]})
    return False


def is_house_number(word: str) -> bool:
    """Whether a word is shaped like the number of a house: 12, 12a, 112."""
    digits = word.rstrip("abcdef")
    return digits.isdigit() and len(digits) <= MOST_HOUSE_DIGITS and len(word) - len(digits) <= 1


def is_time_of_day(words: Sequence[str], i: int) -> bool:
    """Whether a number is a time of day: 2330, or either part of 23.30."""
    word = words[i]
    if not word.isdigit():
        return False
    if len(word) == len("2330"):
        return int(word[:2]) < 24 and int(word[2:]) < 60
    if len(word) > len("30") or int(word) >= 60:
        return False
    before = words[i - 1] if i else ""
    after = words[i + 1] if i + 1 < len(words) else ""
    minutes = len(word) == len("30") and before.isdigit() and int(before) < 24
    hour = int(word) < 24 and len(after) == len("30") and after.isdigit() and int(after) < 60
    return minutes or hour


def _is_numbered(words: Sequence[str], i: int) -> bool:
    """Whether a number is a platform's, a gate's or a floor's, or a count: "level 3", "3 mins"."""
    # Behind a stroke it is part of a date or span: 14/9, 2/52.
    dated = i > 1 and words[i - 1] == "/" and words[i - 2].isdigit()
    return dated or (i > 0 and words[i - 1] in _numbered())


@cache
def _numbered() -> frozenset[str]:
    lived_in = {"room", "rm", "no", "number", "bed", "unit", "block", "car", "court", "hall"}
    return vocabulary_kind("place_cues", "role", "numbered") - lived_in


def _street_end(words: Sequence[str], number: int) -> int:
    """Position after the street that follows a house number; 0 where none does."""
    streets = vocabulary_kind("place_types", "kind", "street")
    for end in range(number + 2, min(number + 6, len(words)) + 1):
        before = words[number + 1 : end - 1]
        if any(w in _words("not_in_street") or w.isdigit() for w in before):
            return 0
        if words[end - 1] in streets and before:
            return end
        if words[number + 1] in _WELSH_STREETS and end > number + 2:
            return end
    return 0


@cache
def _venue_words() -> frozenset[str]:
    single = {name for name in vocabulary("known_venues", "name") if " " not in name}
    venues = vocabulary_kind("place_types", "kind", "venue") - {"house", "kitchen"}
    return frozenset(venues | single)


@cache
def _triggers() -> frozenset[str]:
    others = frozenset({"home", "house", "flat", "address", "addr", "property", "halls"})
    return others | _ROOMS | _LIVES | _words("dwelling") | _words("relative")


def _words(role: str) -> frozenset[str]:
    return vocabulary_kind("home_words", "role", role)
