"""Places of the gazetteer that words may mean, for a person to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from ed_ingest.tables import Gazetteer
from ed_ingest.words import normal_text

_TEXTS_AT_ONCE = 50  # each takes room for every name: of a county they are a hundred thousand
LEAST_SCORE = 0.25  # cosine of character n-grams below which names have little in common


def candidate_places(
    texts: Sequence[str], gazetteer: Gazetteer, *, most: int = 4, least: float = LEAST_SCORE
) -> pd.DataFrame:
    """Find the places whose names are most like each text.

    Likeness is the cosine of TF-IDF weighted runs of 2 to 4 characters within words: unlike a
    ratio of edits it does not mind the order of words, nor a name cut short.

    Parameters
    ----------
    texts
        Words of places as people write them.
    gazetteer
        Known places.
    most
        Places a text gets at most.
    least
        Least score, 0 to 1.

    Returns
    -------
    DataFrame
        ``text, place_id, name, kind, address, score`` (0 to 1), for each text in the order given
        the best first; among equals the shorter name, then the order of the gazetteer. A text
        that is like no name has no row.
    """
    columns = ["text", "place_id", "name", "kind", "address", "score"]
    names = gazetteer.names.drop_duplicates(["name", "place_id"])
    if not len(texts) or names.empty:
        return pd.DataFrame(columns=columns)
    distinct = names["name"].unique()
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32)
    weights = vectoriser.fit_transform(distinct)
    rows_of = names.assign(row=pd.factorize(names["name"])[0])[["row", "place_id"]]
    places = gazetteer.places.set_index("place_id")
    found = []
    for first in range(0, len(texts), _TEXTS_AT_ONCE):
        some = texts[first : first + _TEXTS_AT_ONCE]
        asked = vectoriser.transform([normal_text(text) for text in some])
        scores = _scores_of_places((asked @ weights.T).toarray(), rows_of)
        known = places.loc[scores.index]
        found += [_best(t, scores[i], known, most, least) for i, t in enumerate(some)]
    return pd.concat(found, ignore_index=True)[columns]


def _scores_of_places(likeness: NDArray[np.float32], rows_of: pd.DataFrame) -> pd.DataFrame:
    """Score of each place (rows) for each text (columns): that of its likest name."""
    # A score of 1 that rounding has made more is still 1.
    scores = pd.DataFrame(likeness.T.clip(0.0, 1.0)).loc[rows_of["row"]]
    return scores.groupby(rows_of["place_id"].to_numpy(), sort=False).max().round(2)


def _best(
    text: str, scores: pd.Series, known: pd.DataFrame, most: int, least: float
) -> pd.DataFrame:
    score, length = scores.to_numpy(), known["name"].str.len().to_numpy()
    order = np.lexsort((length, -score))[:most]
    best = known.iloc[order].reset_index()[["place_id", "name", "kind", "address"]]
    best = best.assign(text=text, score=score[order].astype("float64"))
    return best[best["score"] >= least]
