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


def redact_file_name(name: str) -> str:
    """Keep of a file's name its suffix, safe words, and the digits of a year and month.

    >>> redact_file_name("assaults Jane Doe 2025-03.csv")
    'assaults-…-2025-03.csv'

    What was redacted once stays as it is.

    >>> redact_file_name("assaults-…-2025-03.csv")
    'assaults-…-2025-03.csv'
    """
    stem, dot, suffix = name.rpartition(".")
    if not stem or not suffix.isalnum() or len(suffix) > 5:
        stem, dot, suffix = name, "", ""
    parts = _FILE_PARTS.findall(stem)
    kept = "-".join(part if _is_safe_part(part) else "…" for part in parts)
    return re.sub(r"…(?:-…)+", "…", kept or "…") + dot + suffix.lower()


_FILE_PARTS = re.compile(r"…|(?<!\d)20\d\d[-_]?(?:0[1-9]|1[0-2])(?!\d)|[^\W\d_]+|\d+")


def _is_safe_part(part: str) -> bool:
    if part[0].isdigit():
        digits = part.replace("-", "").replace("_", "")
        return bool(re.fullmatch(r"20\d\d(?:0[1-9]|1[0-2])?", digits))
    return part == "…" or part.lower() in _MONTHS | _WORDS
