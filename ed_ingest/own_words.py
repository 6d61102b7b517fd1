"""A provider's own words and local codes: which a list of codes explains, which nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ed_ingest.codes import UNKNOWN, normal_words, read_codes
from ed_ingest.headings import heading_words
from ed_ingest.layout import as_text
from ed_ingest.normalise import VOCABULARIES
from ed_ingest.personal_words import may_name_a_person
from ed_ingest.schema import load_national_codes

# Words of a column are shown only where they are plainly codes: few, and each used often.
MOST_WORDS, FEWEST_USES = 60, 5
_NUMBERS = ("assailants", "age_band")  # figures in these are read as numbers
_LONGEST_WORD = 60
_UNDERSTOOD = 0.8  # a column whose words are known to this share needs no explaining
_HEADER_ROWS = 40  # a header stands among the first rows
_MOSTLY_ONCE = 0.6
_COVERED = 0.6  # a table explains a column when it holds this share of its codes

LISTS: Mapping[str, str] = {
    **VOCABULARIES, "attendance_reason": "attendance_reason", "age_band": "age_band",
}  # fmt: skip


def unread_words(cells: pd.Series, column: str, own: Mapping[str, str]) -> list[str]:
    """Frequent words of a coded column that neither its list nor the provider's own words know.

    Parameters
    ----------
    cells
        The column as delivered.
    column
        Its name in the schema.
    own
        Words that are explained already.

    Returns
    -------
    list
        The words, most frequent first; none where the column has more than 60 different words
        (then it is no coded column), and only such as come at least five times and name nobody.
    """
    text = as_text(cells).dropna()
    counts = text.value_counts()
    if len(counts) > MOST_WORDS:
        return []
    often = [str(word) for word in counts.index[counts >= FEWEST_USES]]
    if column in _NUMBERS:
        often = [word for word in often if not any(map(str.isdigit, word))]
    codes = read_codes(pd.Series(often, dtype="str"), LISTS[column], own)
    return [
        word
        for word, unread in zip(often, codes.isna(), strict=True)
        if unread and len(word) <= _LONGEST_WORD and not may_name_a_person(word)
    ]


def explained_codes(
    heading: str, cells: pd.Series, column: str, tables: Sequence[pd.DataFrame]
) -> dict[str, str]:
    """Codes of a column that a table of codes and descriptions explains.

    Parameters
    ----------
    heading, cells
        The column as delivered. Where a table lists the codes of several columns, only the rows
        that name this heading count.
    column
        Its name in the schema: the descriptions are read by its list of words.
    tables
        Tables of text, such as an ETOS sheet or a sheet of codes in the same workbook.

    Returns
    -------
    dict
        Code as delivered -> contract code; codes without a telling description are left out.
    """
    if read_codes(as_text(cells).dropna(), LISTS[column]).notna().mean() > _UNDERSTOOD:
        return {}
    delivered = {normal_words(str(c)): str(c) for c in as_text(cells).dropna().unique()}
    best: dict[str, str] = {}
    for whole in tables:
        table = _of_heading(whole, heading)
        for code_column in table.columns:
            codes = as_text(table[code_column]).map(normal_words, na_action="ignore")
            listed = codes.dropna()
            # A list has a code once, or once for each of its groups; records have theirs again and
            # again.
            covered = len(delivered.keys() & set(listed)) >= _COVERED * len(delivered)
            if not covered or listed.nunique() < _MOSTLY_ONCE * len(listed):
                continue
            for words in (name for name in table.columns if name != code_column):
                found = _described(codes, table[words], column, delivered)
                best = found if len(found) > len(best) else best
    return best


def national_codes(heading: str, cells: pd.Series, column: str) -> dict[str, str]:
    """Codes of an NHS data item, where the heading names it and the column holds no others.

    Returns
    -------
    dict
        Code -> contract code, for all codes of the item; empty where it is none.
    """
    words = set(heading_words(heading).split())
    delivered = {normal_words(str(code)) for code in as_text(cells).dropna().unique()}
    table = load_national_codes()
    for item, codes in table[table["column"] == column].groupby("heading"):
        telling = words - _DESCRIBING
        named = telling <= set(str(item).split()) and len(telling) >= _TELLING_WORDS
        if named and delivered <= set(codes["code"]):
            return dict(zip(codes["code"], codes["means"], strict=True))
    return {}


_DESCRIBING = frozenset({"and", "a", "e", "code", "emergency", "accident", "number"})
_TELLING_WORDS = 3


def holds_records(table: pd.DataFrame, raw: pd.DataFrame) -> bool:
    """Whether a table is that of the records: one of its rows holds their headings."""
    wanted = {str(name).rsplit(" / ", 1)[-1].casefold() for name in raw.columns}
    rows = table.head(_HEADER_ROWS).astype("str").to_numpy()
    found = max(
        (len(wanted & {cell.strip().casefold() for cell in row}) for row in rows), default=0
    )
    return found > 1 and found >= _COVERED * len(wanted)


def _of_heading(table: pd.DataFrame, heading: str) -> pd.DataFrame:
    """Rows of a table of codes that name the heading; the whole table where none does."""
    wanted = heading_words(heading)
    for name in table.columns:
        named = as_text(table[name]).map(heading_words, na_action="ignore") == wanted
        if named.sum() > 1:
            return table[named.to_numpy(dtype=bool)]
    return table


def _described(
    codes: pd.Series, words: pd.Series, column: str, delivered: Mapping[str, str]
) -> dict[str, str]:
    meanings = read_codes(as_text(words), LISTS[column])
    told = as_text(words).notna() & meanings.notna() & codes.isin(list(delivered))
    pairs = zip(codes[told], meanings[told], strict=True)
    found: dict[str, str] = {}
    for code, meaning in pairs:
        found.setdefault(delivered[code], meaning)
    telling = any(meaning != UNKNOWN for meaning in found.values())
    return found if telling else {}
