"""One text at a time: take people, numbers and homes out of it, or all but what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ed_ingest.garbage import collected_afterwards
from ed_ingest.home_redaction import kept_of_a_home
from ed_ingest.homes import says_home
from ed_ingest.identifiers import MARK, without_identifiers
from ed_ingest.known_places import Span, known_spans
from ed_ingest.name_index import NameIndex
from ed_ingest.one_letter import one_letter_spans, with_misspelt
from ed_ingest.people import is_safe_word, kept_words
from ed_ingest.places import is_home
from ed_ingest.text_words import ENDS, OPENS
from ed_ingest.word_kinds import NAME, kinds_of
from ed_ingest.words import WORD, normal_word

_TEXTS_AT_ONCE = 2_000
# Splits a text into gap, word, gap, word, …, gap.
_PARTS = re.compile(f"({WORD.pattern})")


def redact_texts(texts: Sequence[str], index: NameIndex) -> list[str]:
    """Take people, numbers and homes out of each location."""
    normal: dict[str, str] = {}
    kinds: dict[str, int] = {}
    corrected: dict[str, list[str]] = {}
    redacted: list[str] = []
    with collected_afterwards():
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            some = texts[start : start + _TEXTS_AT_ONCE]
            redacted += _redact_some(some, index, normal, kinds, corrected)
    return redacted


def _redact_some(
    texts: Sequence[str],
    index: NameIndex,
    normal: dict[str, str],
    kinds: dict[str, int],
    corrected: dict[str, list[str]],
) -> list[str]:
    """Redact some texts; what is found out of each distinct word is kept for the next."""
    venues, postcodes = index.loose, index.premises_postcodes
    parts = [
        _PARTS.split(without_identifiers(text, venues=venues, postcodes=postcodes))
        for text in texts
    ]
    new = {word for text in parts for word in text[1::2]}.difference(normal)
    normal.update((word, normal_word(word)) for word in new)
    kinds.update(kinds_of({normal[word] for word in new}.difference(kinds), index))
    words = [[normal[word] for word in text[1::2]] for text in parts]
    spans = [known_spans(text, index) for text in words]
    at_home = [is_home(w, s, index) for w, s in zip(words, spans, strict=True)]
    abroad = [[] if home else w for w, home in zip(words, at_home, strict=True)]
    known = [[] if home else s for s, home in zip(spans, at_home, strict=True)]
    misspelt = one_letter_spans(abroad, known, index, corrected=corrected)
    redacted = []
    for i, home in enumerate(at_home):
        if home:
            redacted.append(_without_address(parts[i], words[i], kinds))
            continue
        places = spans[i]
        if misspelt[i]:
            places = with_misspelt(places, _likely(misspelt[i], words[i], kinds))
        redacted.append(_without_people(parts[i], words[i], places, index, kinds))
    return redacted


def _likely(misspelt: Sequence[Span], words: Sequence[str], kinds: Mapping[str, int]) -> list[Span]:
    """Misspelt names of places without a name of a person among their words."""
    return [s for s in misspelt if not any(kinds[w] & NAME for w in words[s.start : s.end])]


def _without_address(parts: list[str], words: Sequence[str], kinds: Mapping[str, int]) -> str:
    """What a text says of a home and of what was done there; it still says a home."""
    keep = kept_of_a_home(words, parts[0::2], kinds)
    left = [word for word, stays in zip(words, keep, strict=True) if stays]
    said = _put_together(parts, keep)
    if not says_home(left, [False] * len(left), venue=False, business_addresses=()):
        said = f"{said} {MARK} private address"
    return _tidy(said if MARK in said else f"{MARK} {said}")


def _without_people(
    parts: list[str],
    words: Sequence[str],
    places: Sequence[Span],
    index: NameIndex,
    kinds: Mapping[str, int],
) -> str:
    breaks = _breaks(parts[0:-1:2])
    keep = kept_words(parts[1::2], words, breaks, places, index, kinds=kinds)
    return _tidy(_put_together(parts, keep))


def _breaks(gaps: Sequence[str]) -> list[int]:
    """For each word, what stands before it: nothing, punctuation that ends, one that opens."""
    breaks = [0 if gap == " " else _break(gap) for gap in gaps]
    if breaks:
        breaks[0] = ENDS
    return breaks


def _break(gap: str) -> int:
    if not gap or gap.isspace():
        return 0
    return OPENS if _OPENING.match(gap) else ENDS


# A name may follow its cue behind one of these: "mate: X", "brother (X)", "friend - X".
_OPENING = re.compile(r"\s*[:(=\"'“‘-]")


def _put_together(parts: list[str], keep: list[bool]) -> str:
    """The text, with a mark in place of each word that goes."""
    if all(keep):
        return "".join(parts)
    pieces = list(parts)
    for i, stays in enumerate(keep):
        if not stays:
            pieces[2 * i + 1] = f" {MARK} "
    return "".join(pieces)


# Between two marks stood the parts of one name or number: one mark is enough.
_REPEATED = re.compile(r"\[…\](?:[\s\W_]*\[…\])+")


def _tidy(text: str) -> str:
    once = _REPEATED.sub(MARK, text) if text.count(MARK) > 1 else text
    return " ".join(once.split())


def only_known_words(text: str, names: frozenset[str]) -> str:
    """Keep the safe words of one location and those of `names`, the words of known places."""
    parts = _PARTS.split(text)
    keep = [is_safe_word(w) or w in names for w in map(normal_word, parts[1::2])]
    # Signs and marks between words carry nothing; only plain punctuation is kept.
    plain = [part if i % 2 else _SIGNS.sub(" ", part) for i, part in enumerate(parts)]
    return _tidy(_put_together(plain, keep)) if any(keep) else ""


_SIGNS = re.compile(r"[^\s,.;:()'\"?!/\[\]…–-]")
