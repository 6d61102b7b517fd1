"""Names of people among the words of a location: what stays is known to be none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ed_ingest.homes import is_house_number, is_time_of_day
from ed_ingest.known_places import Span
from ed_ingest.name_index import NameIndex
from ed_ingest.numbers_kept import is_harmless_number, is_long_number
from ed_ingest.protected_places import protect_beginnings, protect_words
from ed_ingest.text_words import ENDS, OPENS, Text, is_capital
from ed_ingest.unknown_places import keep_unknown_places
from ed_ingest.word_kinds import (
    ALSO_NAME,
    CUE,
    DEED,
    DOUBTFUL,
    FORENAME,
    HARMLESS,
    LABEL,
    LETTER,
    MISSPELT,
    NAME,
    NUMBER,
    ORDINARY,
    PLACE,
    RELATION,
    STREET,
    STRONG,
    TITLED,
    TOLD,
    TYPE,
    around_places,
    kinds_of,
    listed_kinds,
)

_WHOM = frozenset({"him", "her", "pt", "px", "them", "me", "us", "his", "it", "patient", "victim"})
_AND = frozenset({"and", "or", "a", "ac", "/"})
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
    people = {i for i in names if _names_somebody(text, i)}
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
        return not _is_also_a_name(text, i)
    if flag & (PLACE | MISSPELT):
        return not (_is_cued(text, i) or _did_it(text, i) or _is_known_as(text, i))
    return False


def _after(text: Text, i: int) -> str:
    return text.words[i + 1] if i + 1 < len(text.words) else ""


def _is_also_a_name(text: Text, i: int) -> bool:
    """Whether an ordinary word that is also a name is one here."""
    flag, end = text.flags[i], len(text.words)
    before = text.flags[i - 1] if i and not text.covered[i - 1] else 0
    if before & STRONG or (before & NAME and not flag & TYPE):
        return True
    if not flag & TITLED and _names_somebody(text, i):
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
    return _is_cued(text, i)


def _is_gone(text: Text, i: int) -> bool:
    """Whether a word is a name: always one, or here."""
    if text.flags[i] & ALSO_NAME:
        return _is_also_a_name(text, i)
    return text.flags[i] & NAME != 0


def _names_somebody(text: Text, i: int) -> bool:
    """Whether what stands around a word makes a person of it, even if a place is called so."""
    if not _is_telling(text, i):
        return False
    if _did_it(text, i) or _is_known_as(text, i):
        return True
    flag = text.flags[i]
    doer = flag & FORENAME or (_clause_ends(text, i) and flag & ALSO_NAME and not flag & TYPE)
    return bool(doer) and _is_agent(text, i)


def _is_telling(text: Text, i: int) -> bool:
    """Whether the words beside a word may make a person of it: a quick test."""
    if i and text.words[i - 1] in _BEFORE_SOMEBODY:
        return True
    if i + 1 == len(text.words):
        return False
    following = text.flags[i + 1] & DEED or text.breaks[i + 1] == OPENS
    return bool(following) or text.words[i + 1] in _BEHIND_SOMEBODY


_BEFORE_SOMEBODY = frozenset({"by", "gan", "as", "was", "pt"})
_BEHIND_SOMEBODY = _AND | {"who", "from", "did"}


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


def _is_known_as(text: Text, i: int) -> bool:
    """Whether somebody is called so, or a relation stands behind the word: "X (bf)"."""
    before = text.words[max(0, i - 2) : i]
    if before == ["known", "as"]:
        return True
    if text.flags[i] & FORENAME and (before == ["it", "was"] or before[-1:] == ["pt"]):
        return _clause_ends(text, i) or text.flags[i + 1] & DEED != 0
    related = i + 1 < len(text.words) and text.breaks[i + 1] == OPENS
    own = text.flags[i] & TYPE == 0 or is_capital(text, i)
    return related and own and text.flags[i + 1] & RELATION != 0


def _is_cued(text: Text, i: int) -> bool:
    """Whether what stands before a word makes a person of it: "mate X", "hit by X", "with X"."""
    if i == 0 or text.covered[i - 1] or text.breaks[i] == ENDS:
        return False
    cued = text.flags[i - 1] & STRONG or text.words[i - 1] == "with"
    return bool(cued) or _is_agent(text, i) or _is_known_as(text, i)


def _did_it(text: Text, i: int) -> bool:
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
