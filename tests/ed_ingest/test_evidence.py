import pandas as pd

from ed_ingest.candidates import candidate_pairs
from ed_ingest.evidence import CODE_SHAPES, NAMES, Features, code_shares, features
from ed_ingest.place_words import AGREE, CANNOT_TELL, DIFFER, N_ANSWERS, name_agreement
from tests.ed_ingest.contract_rows import assault_at, assaults, crime_at, crimes, later


def compared(ours: pd.DataFrame, theirs: pd.DataFrame) -> Features:
    return features(ours, theirs, candidate_pairs(ours, theirs))


def test_rounded_times_are_told_apart():
    hour = pd.Timestamp("2026-03-14 22:00")
    times = [assault_at(hour + pd.Timedelta(minutes=m)) for m in (0, 30, 10)]
    words = {"assault_from": hour, "assault_to": later(0), "time_precision": "part_of_day"}
    day = {"assault_from": hour, "assault_to": later(0), "time_precision": "date"}

    found = compared(assaults(*times, words, day), crimes(crime_at(hour)))

    assert found.kind.tolist() == [0, 1, 2, 3, 4]


def test_codes_of_both_sides_are_paired():
    ours = assaults({"assault_method": "sharp_object"}, {"assault_method": "glass"})

    found = compared(ours, crimes({"knife": "yes"}))

    # Methods come in the order sharp object, glass …; each with yes, no, unknown.
    assert found.codes[3].tolist() == [0, 3]
    for code, (one, other) in zip(found.codes, CODE_SHAPES, strict=True):
        assert code.max() < one * other


def test_names_are_weighed_by_distance():
    # 10 m, 50 m, 100 m and 180 m off: chance finds the same name in the same street.
    theirs = crimes(*({**crime_at(later(0)), "easting": 318_500.0 + m} for m in (10, 50, 100, 180)))
    ours = assaults({"easting": 318_500.0, **assault_at(later(0))})
    ours["northing"] = theirs["northing"].iloc[0]

    found = compared(ours, theirs)

    answer = found.codes[NAMES] % N_ANSWERS
    assert (answer == answer[0]).all()
    assert (found.codes[NAMES] // N_ANSWERS).tolist() == [0, 1, 2, 3]


def test_the_shares_of_the_crimes_classes_add_up_to_one():
    shares = code_shares(crimes({"knife": "yes"}, {"knife": "no"}, {}))

    assert [len(share) for share in shares] == [size for _, size in CODE_SHAPES]
    assert all(abs(share.sum() - 1) < 1e-12 for share in shares)


def test_a_crime_after_the_arrival_is_of_another_class_than_one_before():
    ours = assaults({"time_precision": "date", "assault_from": later(-600)})

    found = compared(ours, crimes(crime_at(later(20)), crime_at(later(80))))

    assert found.codes[1][0] != found.codes[1][1]


def test_no_pairs_have_no_evidence():
    assert compared(assaults({}), crimes(crime_at(later(9999)))).ring.size == 0


def agreement(place: str | None, text: str | None, theirs: str | None) -> int:
    ours = assaults({"place_name": place, "location_text": text})
    return name_agreement(ours, crimes({"place_name": theirs}), [0], [0]).item()


def test_names_agree_as_whole_words_whatever_the_case():
    assert agreement("St Mary Street", "o/s Heol Eglwys Fair", "Heol Eglwys Fair") == AGREE
    assert agreement("Howell's Crescent", None, "HOWELLS CRESCENT") == AGREE
    assert agreement(None, "outside Lab 22, Cardiff", "Lab 22") == AGREE
    assert agreement("Castle Street", "Castle Street", "Castle") == AGREE
    assert agreement("Newcastle Street", None, "Castle Street") == DIFFER
    assert agreement("Castle", "Street", "Castle Street") == DIFFER


def test_a_side_without_a_name_tells_nothing():
    assert agreement(None, None, "Castle Street") == CANNOT_TELL
    assert agreement("Castle Street", None, None) == CANNOT_TELL
    assert agreement("Castle Street", "...", "—") == CANNOT_TELL
