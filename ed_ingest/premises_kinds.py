"""Which businesses are hospitals, police stations or schools, by their type and name."""

from __future__ import annotations

import pandas as pd

# The Food Standards Agency's numbers of types of business; in words the Welsh file differs.
PUB, CARE, SCHOOL = "7843", "5", "7845"
_HOSPITAL = r"\b(?:hospital|infirmary|ysbyty)\b"
_CUSTODY = (
    r"\b(?:police (?:station|headquarters|hq)|custody (?:suite|centre|unit)|h\.?\s?m\.?\s?p\b|"
    r"h\.?\s?m\.? prison|h\.?\s?m\.? yoi|young offenders?|gorsaf(?:'r)? heddlu|carchar)"
)
# "The Old Police Station" is a bar, an animal hospital no place that records default to.
_NO_MORE = r"\b(?:old|former|hen|animal|pets?|vet\w*|doll'?s?)\b"


def kinds_of_premises(names: pd.Series, types: pd.Series) -> pd.Series:
    """Kind of each food business, from the number of its type and its name.

    Parameters
    ----------
    names
        As published.
    types
        The agency's number of the type of business: 5 is hospitals, childcare and care, 7843 pubs.

    Returns
    -------
    Series
        ``health``, ``custody``, ``education`` or ``premises``. Kitchens of police stations and
        prisons, and of hospitals under another type, are known by the name; never a pub.
    """
    kinds = types.map({CARE: "health", SCHOOL: "education"}).fillna("premises")
    lower = names.str.lower()
    asked = types.ne(PUB) & ~lower.str.contains(_NO_MORE, regex=True)
    hospital = asked & kinds.eq("premises") & lower.str.contains(_HOSPITAL, regex=True)
    custody = asked & lower.str.contains(_CUSTODY, regex=True)
    return kinds.mask(hospital, "health").mask(custody, "custody")
