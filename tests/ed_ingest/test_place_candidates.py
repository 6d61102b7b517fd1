import pandas as pd
import pytest

from ed_ingest.place_candidates import candidate_places
from tests.ed_ingest.gazetteer_builder import PLACES, town


def test_the_place_itself_comes_first_however_it_is_written():
    texts = ["golden lamb", "Lamb Golden", "goldenlamb", "golden lmab", "the golden"]
    found = candidate_places(texts, town())
    best = found.drop_duplicates("text").set_index("text")["place_id"]

    assert best.to_dict() == dict.fromkeys(texts, "p1")
    assert found["score"].between(0, 1).all()


def test_an_equal_name_scores_one_and_every_branch_is_offered():
    found = candidate_places(["burger barn"], town())
    assert found["place_id"].tolist()[:2] == ["p3", "p4"]
    assert found["score"].tolist()[:2] == [1, 1]
    assert found["address"].tolist()[:2] == ["20 Castle Street, Marford", "1 Harbour Road"]


def test_other_names_of_a_place_count_and_it_is_listed_once():
    found = candidate_places(["murphs"], town())
    assert found["place_id"].value_counts()["p2"] == 1
    assert found["place_id"].iloc[0] == "p2"


def test_no_more_are_listed_than_asked_for_and_none_that_is_unlike():
    assert len(candidate_places(["lane"], town(), most=2)) == 2
    assert candidate_places(["zzqqxx"], town()).empty


@pytest.mark.parametrize(("texts", "gazetteer"), [([], town()), (["golden lamb"], town([]))])
def test_nothing_to_compare_gives_no_rows_with_all_columns(texts, gazetteer):
    found = candidate_places(texts, gazetteer)
    assert list(found) == ["text", "place_id", "name", "kind", "address", "score"]
    assert found.empty


def test_the_order_of_the_texts_is_kept_and_their_company_changes_nothing():
    texts = ["castle st", "golden lamb", "murphs"]
    together = candidate_places(texts, town())
    alone = pd.concat([candidate_places([t], town()) for t in texts], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)
    assert list(together["text"].unique()) == texts
    assert len(PLACES) > 10


def test_each_of_many_texts_gets_its_own_place():
    texts = ["golden lamb", "alchemist bar", "gate keeper"] * 40

    best = candidate_places(texts, town(), most=1)

    assert best["text"].tolist() == texts
    assert best["place_id"].tolist() == ["p1", "p5", "p6"] * 40
