"""Whether the names of place that a hospital and the police wrote down agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ed_ingest.candidates import Positions

# What two names say together.
CANNOT_TELL, DIFFER, AGREE = 0, 1, 2
N_ANSWERS = 3
_LONGEST_NAME = 7  # words


def name_agreement(
    assaults: pd.DataFrame, crimes: pd.DataFrame, i: Positions, j: Positions
) -> Positions:
    """Compare the place that each pair's records name.

    Parameters
    ----------
    assaults, crimes
        Contract columns: ``place_name`` and ``location_text`` (after de-identification), and the
        crimes' ``place_name``.
    i, j
        Positions of the pairs' records.

    Returns
    -------
    ndarray
        `AGREE` where the crime's place is the assault's, or stands in its words as whole words;
        `DIFFER` where both name a place and it is not; else `CANNOT_TELL`.
    """
    said, texts = _factorized(assaults["place_name"], assaults["location_text"])
    named, names = _factorized(crimes["place_name"])
    one, other = said[i], named[j]
    agreeing = _agreeing(texts, names)
    found = np.isin(one * len(names) + other, agreeing)
    answer = np.where(found, AGREE, DIFFER)
    silent = np.array([not text for text in texts], dtype=bool)[one]
    return np.where(silent | np.array([not n for n in names], dtype=bool)[other], 0, answer)


def _factorized(*columns: pd.Series) -> tuple[Positions, list[str]]:
    """Position of each row's words among the distinct ones; several columns parted by a bar."""
    both, *others = (_plain(column) for column in columns)
    for other in others:
        both = both + " | " + other
    codes, distinct = pd.factorize(both)
    return codes.astype(np.int64), [str(text).strip(" |") for text in distinct]


def _plain(texts: pd.Series) -> pd.Series:
    """Lower case, words only; the apostrophe of "Howell's" is no gap."""
    codes, distinct = pd.factorize(texts)
    plain = pd.Series([*distinct, ""], dtype="str").str.lower()
    plain = plain.str.replace(r"['’`]", "", regex=True)
    plain = plain.str.replace(r"[^\w]+", " ", regex=True).str.strip()
    return pd.Series(plain.to_numpy(dtype=object)[codes], index=texts.index, dtype="str")


def _agreeing(texts: list[str], names: list[str]) -> Positions:
    """Which text holds which name, as one number for both positions."""
    position = {name: k for k, name in enumerate(names) if name}
    found = []
    for k, text in enumerate(texts):
        for part in text.split(" | "):
            words = part.split()
            for first in range(len(words)):
                for last in range(first + 1, min(first + _LONGEST_NAME, len(words)) + 1):
                    hit = position.get(" ".join(words[first:last]))
                    if hit is not None:
                        found.append(k * len(names) + hit)
    return np.unique(np.array(found, dtype=np.int64))
