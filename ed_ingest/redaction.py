"""One text at a time: take people, numbers and homes out of it, or all but what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ed_ingest.home_redaction import kept_of_a_home
from ed_ingest.homes import says_home
from ed_ingest.identifiers import MARK, without_identifiers
from ed_ingest.known_places import Span, known_spans
from ed_ingest.misspellings import one_letter_spans, with_misspelt
from ed_ingest.name_index import NameIndex
from ed_ingest.people import ENDS, OPENS, is_name, is_safe_word, kept_words
from ed_ingest.places import is_home
from ed_ingest.word_kinds import kinds_of
from ed_ingest.words import normal_word, normal_words, tokens


def redact_texts(texts: Sequence[str], index: NameIndex) -> list[str]:
    """Take people, numbers and homes out of each location."""
    cleaned = [
        without_identifiers(text, venues=index.loose, postcodes=index.premises_postcodes)
        for text in texts
    ]
    found = [tokens(text) for text in cleaned]
    words = normal_words(found)
    spans = [known_spans(text, index) for text in words]
    at_home = [is_home(w, s, index) for w, s in zip(words, spans, strict=True)]
    abroad = [[] if home else w for w, home in zip(words, at_home, strict=True)]
    known = [[] if home else s for s, home in zip(spans, at_home, strict=True)]
    misspelt = one_letter_spans(abroad, known, index)
    kinds = kinds_of((word for text in words for word in text), index)
    redacted = []
    for i, text in enumerate(cleaned):
        if at_home[i]:
            redacted.append(_without_address(text, found[i], words[i], kinds))
        else:
            likely = [s for s in misspelt[i] if not any(map(is_name, words[i][s.start : s.end]))]
            places = with_misspelt(spans[i], likely)
            redacted.append(_without_people(text, found[i], words[i], places, index, kinds))
    return redacted


def _without_address(
    text: str, found: list[re.Match[str]], words: Sequence[str], kinds: Mapping[str, int]
) -> str:
    """What a text says of a home and of what was done there; it still says a home."""
    keep = kept_of_a_home(words, _gaps(text, found), kinds)
    left = [word for word, stays in zip(words, keep, strict=True) if stays]
    pieces = _pieces(text, found, keep)
    if not says_home(left, [False] * len(left), venue=False, business_addresses=()):
        pieces.append(f" {MARK} private address")
    said = _tidy("".join(pieces))
    return said if MARK in said else f"{MARK} {said}"


def _gaps(text: str, found: list[re.Match[str]]) -> list[str]:
    """For each word, what stands between the one before it and itself."""
    ends = [0, *(match.end() for match in found)]
    return [text[end : match.start()] for end, match in zip(ends, found, strict=False)]


def _without_people(
    text: str,
    found: list[re.Match[str]],
    words: Sequence[str],
    places: Sequence[Span],
    index: NameIndex,
    kinds: Mapping[str, int],
) -> str:
    raw = [match.group() for match in found]
    keep = kept_words(raw, words, _breaks(_gaps(text, found)), places, index, kinds=kinds)
    return _tidy("".join(_pieces(text, found, keep)))


def _breaks(gaps: Sequence[str]) -> list[int]:
    """For each word, what stands before it: nothing, punctuation that ends, one that opens."""
    return [
        ENDS if i == 0 else 0 if not gap or gap.isspace() else _break(gap)
        for i, gap in enumerate(gaps)
    ]


def _break(gap: str) -> int:
    return OPENS if _OPENING.match(gap) else ENDS


# A name may follow its cue behind one of these: "mate: X", "brother (X)", "friend - X".
_OPENING = re.compile(r"\s*[:(=\"'“‘-]")


def _pieces(text: str, found: list[re.Match[str]], keep: list[bool]) -> list[str]:
    pieces, at = [], 0
    for match, stays in zip(found, keep, strict=True):
        pieces += [text[at : match.start()], match.group() if stays else f" {MARK} "]
        at = match.end()
    return [*pieces, text[at:]]


# Between two marks stood the parts of one name or number: one mark is enough.
_REPEATED = re.compile(r"\[…\](?:[\s\W_]*\[…\])+")


def _tidy(text: str) -> str:
    once = _REPEATED.sub(MARK, text) if text.count(MARK) > 1 else text
    return " ".join(once.split())


def only_known_words(text: str, names: frozenset[str]) -> str:
    """Keep the safe words of one location and those of `names`, the words of known places."""
    found = tokens(text)
    keep = [is_safe_word(w) or w in names for w in (normal_word(m.group()) for m in found)]
    # Signs and marks between words carry nothing; only plain punctuation is kept.
    pieces = [p if i % 2 else _SIGNS.sub(" ", p) for i, p in enumerate(_pieces(text, found, keep))]
    words = _tidy("".join(pieces))
    return words if any(keep) else ""


_SIGNS = re.compile(r"[^\s,.;:()'\"?!/\[\]…–-]")
