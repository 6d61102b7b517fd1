"""Names of people among the words of a location: what stays is known to be none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ed_ingest.house_addresses import is_house_number, is_time_of_day
from ed_ingest.known_places import Span
from ed_ingest.name_index import NameIndex
from ed_ingest.numbers_kept import is_harmless_number, is_long_number
from ed_ingest.protected_places import protect_beginnings, protect_words
from ed_ingest.somebody import did_it, is_also_a_name, is_cued, is_known_as, names_somebody
from ed_ingest.text_words import Text
from ed_ingest.unknown_places import keep_unknown_places
from ed_ingest.word_kinds import (
    ALSO_NAME,
    CUE,
    DOUBTFUL,
    HARMLESS,
    LABEL,
    LETTER,
    MISSPELT,
    NAME,
    NUMBER,
    ORDINARY,
    PLACE,
    STREET,
    STRONG,
    TITLED,
    TOLD,
    TYPE,
    around_places,
    kinds_of,
    listed_kinds,
)

_FANS = frozenset({"fan", "fans", "supporter", "supporters"})  # "Chelsea fans" are of a club
_NOT_WILL = frozenset({"not", "be", "have", "need", "attend", "come", "go", "call", "return"})


def kept_words(
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[int],
    spans: Sequence[Span],
    index: NameIndex,
    *,
    kinds: Mapping[str, int] | None = None,
) -> list[bool]:
    """For each word of a text, whether it may stay.

    A word stays when it belongs to a known place, is an ordinary word, or stands where an unknown
    place does ("o/s the Xyz", "Xyz Street"). A word that is a name, or nothing that is known, goes.

    Parameters
    ----------
    raw
        The words as written.
    words
        The same in normal form.
    breaks
        For each word, whether punctuation or the start of the text stands before it (`Text`).
    spans
        Names of known places among them.
    index
        The gazetteer's names.
    kinds
        Flags of each distinct word (`word_kinds.kinds_of`); found here where they are not given.
    """
    known = kinds_of(words, index) if kinds is None else kinds
    flags = [known[word] for word in words]
    doubtful = [i for i, flag in enumerate(flags) if flag & DOUBTFUL]
    if not doubtful:
        return [True] * len(words)
    keep = [True] * len(words)
    covered = [False] * len(words)
    text = Text(raw, words, breaks, flags, covered)
    names = [i for i in doubtful if flags[i] & (NAME | ALSO_NAME) and not flags[i] & TITLED]
    people = {i for i in names if names_somebody(text, i)}
    protect_words(text, spans, people, index)
    unsure = [i for i in doubtful if not covered[i]]
    if unsure:
        protect_beginnings(text, unsure, index)
        unsure = [i for i in unsure if not covered[i]]
    for i in unsure:
        keep[i] = _may_stay(text, i)
    gone = [i for i in unsure if not keep[i]]
    if gone:
        keep_unknown_places(text, gone, keep, index)
        _drop_beside_names(text, unsure, keep)
    return keep


def is_name(word: str) -> bool:
    """Whether a word is a common name of a person, or more often that than anything else."""
    kinds = listed_kinds()
    if kinds.get(word, 0) & NAME:
        return True
    return word[-1:] == "s" and word not in kinds and kinds.get(word[:-1], 0) & NAME != 0


def is_safe_word(word: str) -> bool:
    """Whether a word in normal form, or a number, may be stored whatever stands beside it."""
    if any(map(str.isdigit, word)):
        return is_harmless_number(word) and not is_long_number(word)
    return word == "/" or listed_kinds().get(word, 0) & ORDINARY != 0


def _may_stay(text: Text, i: int) -> bool:
    word, flag = text.words[i], text.flags[i]
    if flag & NAME:
        after = _after(text, i)
        return after in _FANS or (word == "will" and after in _NOT_WILL)
    if flag & NUMBER:
        return _is_kept_number(text, i)
    if word == "/" or flag & (ORDINARY | ALSO_NAME | MISSPELT) == ORDINARY:
        return True
    if flag & LETTER:
        cue = text.flags[i - 1] & (STRONG if text.breaks[i] else CUE) if i else 0
        return not cue or text.covered[i - 1]
    if flag & ALSO_NAME:
        return not is_also_a_name(text, i)
    if flag & (PLACE | MISSPELT):
        if i > 1 and text.words[i - 1] == "and" and _is_gone_name(text, i - 2):
            return False
        return not (is_cued(text, i) or did_it(text, i) or is_known_as(text, i))
    return False


def _is_gone_name(text: Text, i: int) -> bool:
    return bool(text.flags[i] & NAME) and not text.covered[i]


def _after(text: Text, i: int) -> str:
    return text.words[i + 1] if i + 1 < len(text.words) else ""


def _is_kept_number(text: Text, i: int) -> bool:
    word, before = text.words[i], text.flags[i - 1] if i else 0
    if not text.flags[i] & HARMLESS:
        return False
    venue = before & TYPE and not before & STREET
    labelled = i > 0 and (before & (LABEL | PLACE) or venue or text.covered[i - 1])
    if is_long_number(word):
        return bool(labelled) and not before & (STREET | STRONG)
    if before & STRONG and sum(map(str.isdigit, word)) > 2:
        return False
    if before & (LABEL | PLACE) or venue:
        return True
    house = is_house_number(word) and not is_time_of_day(text.words, i)
    return not (house and _street_follows(text, i))


def _street_follows(text: Text, i: int) -> bool:
    """Whether a street stands right behind a number, which is then a house's."""
    following = range(i + 1, min(i + 5, len(text.words)))
    for j in following:
        if text.breaks[j] or text.words[j] == "/":
            return False
        if text.flags[j] & STREET and j > i + 1:
            return True
        told = not text.covered[j] or text.flags[j] & TOLD
        if j == i + 1 and told and text.flags[j] & (ORDINARY | ALSO_NAME) == ORDINARY:
            return False
    return False


def _drop_beside_names(text: Text, unsure: Sequence[int], keep: list[bool]) -> None:
    """Take out a place's word or a letter beside a name: "Darren Habershon", "J Smith"."""
    for i in unsure:
        flag = text.flags[i]
        if not keep[i] or not flag & (PLACE | MISSPELT | LETTER):
            continue
        gone_before = i > 0 and not keep[i - 1] and text.flags[i - 1] & NAME
        gone_after = i + 1 < len(keep) and not keep[i + 1]
        if flag & LETTER and flag & ORDINARY:
            # An initial behind a name, "Mohammed A."; "with" or "a" elsewhere.
            keep[i] = not (gone_before and text.raw[i].isupper()) or text.breaks[i] != 0
        elif flag & LETTER:
            after_gone = i > 0 and not keep[i - 1] and not text.flags[i - 1] & NUMBER
            keep[i] = not (gone_after or after_gone)
        elif gone_before and not text.breaks[i]:
            keep[i] = False
        elif gone_after and text.flags[i + 1] & NAME and not text.breaks[i + 1]:
            keep[i] = i > 0 and text.words[i - 1] in around_places("at")
