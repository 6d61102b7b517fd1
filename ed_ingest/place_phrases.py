"""Which words of a location name its place: what a person is asked about when no place is found."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby

from ed_ingest.identifiers import MARK
from ed_ingest.people import is_safe_word
from ed_ingest.words import normal_text, normal_word, tokens, vocabulary, vocabulary_kind

# Words that say where a place is seen from, and none of its name.
_CUES = frozenset(
    {
        *("in", "at", "on", "outside", "inside", "near", "nr", "opposite", "behind", "beside"),
        *("by", "next", "to", "the", "a", "an", "of", "from", "off", "and", "between", "front"),
        *("rear", "side", "around", "this", "that", "same", "within", "along", "with"),
    }
)
# Where one name ends and another begins.
_BREAK = re.compile(rf"{re.escape(MARK)}|[,;:()]|\s-\s")
_FEWEST, _MOST = 2, 4  # words of a phrase that is made of ordinary words alone
_MOST_TOWN_WORDS = 3


def phrases_of(
    text: str, known: Collection[str], *, towns: Collection[str] = (), level: str = "none"
) -> list[str]:
    """Name the places that one text may be about, the likeliest first.

    Parameters
    ----------
    text
        Words of a location after `redact`.
    known
        Words of the text, in normal form, that are understood: those of known places and of the
        partnership's own towns.
    towns
        Those of the own towns: they say where a place is, and are none of its name.
    level
        Its ``location_level``. A district named alone is understood: at ``locality`` only words
        that nobody knows are asked about.

    Returns
    -------
    list of str
        Phrases in normal form. The runs of words that nobody knows come alone where there are any,
        with the word for a street or open place behind them ("smithson street", but "zanzibar" for
        "Zanzibar bar": people call a venue either). Else the words of known places that left open
        which is meant; else two to four ordinary words that name a kind of place ("bus station").
    """
    runs = [[normal_word(m.group()) for m in tokens(part)] for part in _BREAK.split(text)]
    strange = [phrase for words in runs for phrase in _strange_phrases(words, known)]
    if strange or level not in ("none", "area"):
        return list(dict.fromkeys(strange))
    places = set(known) - set(towns)
    named = [phrase for words in runs for phrase in _runs(words, [w in places for w in words])]
    if named:
        return sorted(dict.fromkeys(named), key=lambda phrase: -phrase.count(" "))
    untold = ([w for w in words if w not in towns] for words in runs)
    return [phrase for words in untold for phrase in _ordinary_phrases(words)]


def asked_form(text: str) -> str:
    """Words of a place in the form in which they are asked about and answered.

    >>> asked_form("outside The Zanzibar")
    'zanzibar'
    """
    words = normal_text(text).split()
    return _bare(words) or " ".join(words)


def _bare(words: Sequence[str]) -> str:
    """The words between the first and the last that are of a name."""
    named = [i for i, word in enumerate(words) if word not in _CUES]
    return " ".join(words[named[0] : named[-1] + 1]) if named else ""


def strange_words(text: str, known: Collection[str]) -> list[str]:
    """Words of one text that are neither ordinary nor of a known place, in normal form."""
    words = (normal_word(match.group()) for match in tokens(text))
    return [word for word in words if _is_strange(word, known)]


def names_a_town_elsewhere(text: str, known: Collection[str], elsewhere: Collection[str]) -> bool:
    """Whether one text names a town of elsewhere, as one who has been there would."""
    words = [normal_word(match.group()) for match in tokens(text)]
    windows = (
        words[start : start + n]
        for start in range(len(words))
        for n in range(1, _MOST_TOWN_WORDS + 1)
    )
    return any(" ".join(w) in elsewhere and not all(x in known for x in w) for w in windows)


def _is_strange(word: str, known: Collection[str]) -> bool:
    return not is_safe_word(word) and word not in known


def _runs(words: Sequence[str], chosen: Sequence[bool]) -> list[str]:
    """Words that are chosen, each run of them with one space between."""
    pairs = groupby(zip(words, chosen, strict=True), key=lambda pair: pair[1])
    found = [_bare([word for word, _ in run]) for is_chosen, run in pairs if is_chosen]
    return [phrase for phrase in found if phrase]


def _strange_phrases(words: Sequence[str], known: Collection[str]) -> list[str]:
    kinds = vocabulary("place_types") - vocabulary_kind("place_types", "kind", "venue")
    chosen = [_is_strange(word, known) for word in words]
    for i in range(1, len(words)):
        # A street and a pub may share a name: the word for the kind tells them apart.
        chosen[i] = chosen[i] or (chosen[i - 1] and words[i] in kinds)
    return _runs(words, chosen)


def _ordinary_phrases(words: Sequence[str]) -> list[str]:
    phrase = _bare(words)
    kept = phrase.split()
    names_a_kind = not vocabulary("place_types").isdisjoint(kept)
    numbered = any(map(str.isdigit, phrase))
    return [phrase] if names_a_kind and not numbered and _FEWEST <= len(kept) <= _MOST else []
