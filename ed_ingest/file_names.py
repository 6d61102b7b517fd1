"""Names of files without names of people."""

from __future__ import annotations

import re

_MONTHS = frozenset(
    {
        *("jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun"),
        *("june", "jul", "july", "aug", "august", "sep", "sept", "september", "oct", "october"),
        *("nov", "november", "dec", "december"),
    }
)
_WORDS = frozenset(
    {
        *("a", "ae", "e", "ed", "assault", "assaults", "extract", "data", "istv", "monthly"),
        *("report", "police", "crime", "crimes"),
    }
)
# What stands behind a dot may be a name as well: only endings of known kinds of files are kept.
_ENDINGS = frozenset(
    {
        *("csv", "txt", "tsv", "tab", "psv", "dat", "json", "xml", "html", "htm", "log", "md"),
        *("xls", "xlsx", "xlsm", "xlsb", "xltx", "ods", "odt", "doc", "docx", "rtf", "pdf", "ppt"),
        *("pptx", "msg", "eml", "zip", "gz", "7z", "rar", "tar", "png", "jpg", "jpeg", "tif"),
        *("mdb", "accdb", "sqlite", "db", "sav", "dta", "rds", "parquet", "gpkg", "geojson"),
        *("shp", "toml"),
    }
)
_LONGEST = 60  # signs; a longer name would not be one that every file system can have


def redact_file_name(name: str, *, provider: str = "") -> str:
    """Keep of a file's name its suffix, safe words, and the digits of a year and month.

    Where the id of its provider stands in it as a whole, that stays too.

    >>> redact_file_name("assaults Jane Doe 2025-03.csv")
    'assaults-…-2025-03.csv'

    >>> redact_file_name("St Johns 2025-03.csv", provider="st-johns")
    'St-Johns-2025-03.csv'

    What was redacted once stays as it is.

    >>> redact_file_name("assaults-…-2025-03.csv")
    'assaults-…-2025-03.csv'
    """
    ending = kept_ending(name)
    parts = _FILE_PARTS.findall(name[: len(name) - len(ending)])
    own = _places_of(_FILE_PARTS.findall(provider), [part.lower() for part in parts])
    kept = "-".join(
        part if at in own or _is_safe_part(part) else "…" for at, part in enumerate(parts)
    )
    shown = re.sub(r"…(?:-…)+", "…", kept or "…")
    while len(shown) > _LONGEST:
        shown = shown.rpartition("-")[0]
    return shown + ending


def kept_ending(name: str) -> str:
    """Ending of a file's name, in lower case and with its dot; empty for one of no known kind.

    >>> kept_ending("March.CSV"), kept_ending("letter to J.Smith")
    ('.csv', '')
    """
    stem, dot, ending = name.rpartition(".")
    return dot + ending.lower() if stem and ending.lower() in _ENDINGS else ""


_FILE_PARTS = re.compile(r"…|(?<!\d)20\d\d[-_]?(?:0[1-9]|1[0-2])(?!\d)|[^\W\d_]+|\d+")


def _places_of(words: list[str], parts: list[str]) -> set[int]:
    """Where in a name these words stand, all of them in their order."""
    n = len(words)
    starts = [at for at in range(len(parts) - n + 1) if words and parts[at : at + n] == words]
    return {at + i for at in starts for i in range(n)}


def _is_safe_part(part: str) -> bool:
    if part[0].isdigit():
        digits = part.replace("-", "").replace("_", "")
        return bool(re.fullmatch(r"20\d\d(?:0[1-9]|1[0-2])?", digits))
    return part == "…" or part.lower() in _MONTHS | _WORDS
