"""Labels of places in a table of counts: kept as written, unless one names a person or a home."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from ed_ingest.identifiers import MARK, without_identifiers
from ed_ingest.known_places import Span, known_spans
from ed_ingest.name_index import NameIndex, index_names
from ed_ingest.people import is_name, is_safe_word, kept_words
from ed_ingest.personal_words import holds_a_number_of_a_person, is_disguised
from ed_ingest.places import is_home
from ed_ingest.tables import Gazetteer
from ed_ingest.words import normal_word, tokens, vocabulary, vocabulary_kind

# Areas by their code: statistical ones, postcode districts and sectors. No single household.
_AREA = re.compile(
    r"[ENSW]\d{8}|[A-Z]{1,2}\d[A-Z\d]?(?:\s?\d)?|[A-Z]{1,2}\d[A-Z\d]?\s\d\s?\*{0,2}", re.IGNORECASE
)
_CODE = re.compile(r"[ENSW]\d{8}", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:the )?(?:(?:grand|sub|overall|all|column|row|running)[- ]?)?totals?"
    r"(?: (?:for|of|assaults?|attendances?|cases|numbers?|counts?|all|n)\b.*)?"
    r"|.* (?:sub-?)?totals?|cyfansymiau|cyfanswm(?: .*)?|overall|sum|all"
    r"|(?:all|any) (?:areas?|places?|locations?|wards?|premises|methods?|types?|weapons?|months?"
    r"|periods?|assaults?|sites?|attendances?|causes?|mechanisms?)(?: combined| together)?",
    re.IGNORECASE,
)


def is_total(text: str) -> bool:
    """Whether a label, heading or method stands for a sum of the others."""
    plain = " ".join(re.sub(r"[():.*]+", " ", text).split())
    return _TOTAL.fullmatch(plain) is not None


def is_area_code(text: str) -> bool:
    """Whether a label is the code of an area: statistical, postcode district or sector."""
    return _AREA.fullmatch(text.strip()) is not None


def small_area_code(text: str) -> str | None:
    """The label where it is a statistical code (``W01001856``), upper case."""
    return text.strip().upper() if _CODE.fullmatch(text.strip()) else None


def personal_labels(labels: pd.Series, *, places: Gazetteer) -> pd.DataFrame:
    """Tell which labels may not be kept.

    In a table of counts a label stands for a place and not for an attendance, so an unknown word
    alone is no reason: an invented pub or a ward that the gazetteer has not stays.

    Parameters
    ----------
    labels
        As delivered; may be missing.
    places
        Known places, protected.

    Returns
    -------
    DataFrame
        On the index of `labels`: ``home`` (it is at a home) and ``personal`` (it names a person, a
        number of one, or one home: to be emptied).
    """
    index = index_names(places)
    codes, distinct = pd.factorize(labels)
    told = [_look_at(str(text), index) for text in distinct] + [(False, False)]
    table = pd.DataFrame(told, columns=["home", "personal"]).iloc[codes]
    return table.set_axis(labels.index)


def _look_at(text: str, index: NameIndex) -> tuple[bool, bool]:
    if is_area_code(text):
        return False, False
    found = tokens(text)
    words = [normal_word(match.group()) for match in found]
    spans = known_spans(words, index)
    home = is_home(words, spans, index)
    if is_disguised(text) or holds_a_number_of_a_person(text):
        return home, True
    cleaned = without_identifiers(text, venues=index.loose, postcodes=index.premises_postcodes)
    if MARK in cleaned:
        return home, True
    if home:
        return True, not all(_says_only_home(word) for word in words)
    return False, _names_a_person(text, found, words, spans, index)


def _says_only_home(word: str) -> bool:
    """Whether a word says what kind of home it is, and not whose or where."""
    said = is_safe_word(word) or word in vocabulary("home_words") or word in _WHOSE
    return said and not any(map(str.isdigit, word))


_WHOSE = frozenset({"patients", "victims", "someones", "elses", "assailants", "other", "own"})


def _names_a_person(
    text: str,
    found: list[re.Match[str]],
    words: Sequence[str],
    spans: Sequence[Span],
    index: NameIndex,
) -> bool:
    """Whether words that are of no known place are a title and name, or a first and last name."""
    raw = [match.group() for match in found]
    ends = [0, *(match.end() for match in found)]
    gaps = [text[end : match.start()] for end, match in zip(ends, found, strict=False)]
    breaks = [i == 0 or (gap != "" and not gap.isspace()) for i, gap in enumerate(gaps)]
    keep = kept_words(raw, words, breaks, spans, index)
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and not keep[end]:
            end += 1
        if end > start and _is_person(words, breaks, start, end):
            return True
        start = end + 1
    return False


def _is_person(words: Sequence[str], breaks: Sequence[bool], start: int, end: int) -> bool:
    before = words[start - 1] if start else ""
    cues = vocabulary("name_cues") - vocabulary_kind("name_cues", "strength", "weak")
    if before in cues or words[start] in cues:
        return True
    # "The William Owen" is a pub, "William Owen" a person; one name alone is also a ward's.
    if end - start < 2 or before == "the" or words[start] == "the":
        return False
    last_first = breaks[end - 1] and is_name(words[end - 1])
    return is_name(words[start]) or last_first
