"""Words of a location -> the place they name, its point, its level and how sure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ed_ingest.homes import says_home
from ed_ingest.known_places import VENUES, NameIndex, index_names, known_spans
from ed_ingest.place_choice import HOME, NOWHERE, Found, choose_place
from ed_ingest.tables import Gazetteer
from ed_ingest.words import normal_form, normal_text, normal_word, tokens

__all__ = ["find_places", "normal_form"]

def find_places(texts, *, gazetteer, context=None):
    index = index_names(gazetteer)
    codes, distinct = pd.factorize(texts.fillna("").astype(str))
    found = [_find(t, index) for t in distinct]
    table = pd.DataFrame(found, columns=Found._fields).iloc[codes].set_index(texts.index)
    row = table["row"].to_numpy()
    return pd.DataFrame({
        "place_id": pd.Series(np.where(row>=0, index.ids[row], None), index=texts.index, dtype="str"),
        "place_name": pd.Series(np.where(row>=0, index.names[row], None), index=texts.index, dtype="str"),
        "location_level": table["level"].astype("str"), "easting": table["x"], "northing": table["y"],
        "location_uncertainty_m": table["uncertainty_m"], "match_score": table["score"]})

def _find(text, index):
    words = [normal_word(m.group()) for m in tokens(text)]
    spans = known_spans(words, index)
    covered = [False]*len(words)
    for s in spans:
        covered[s.start:s.end] = [True]*(s.end-s.start)
    venue = any(index.kinds[r] in VENUES for s in spans for r in s.rows)
    if says_home(words, covered, venue):
        return HOME
    return choose_place(words, spans, index)
