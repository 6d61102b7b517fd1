"""What is told of the k of stored records: numbers, in words that a person can use."""

from hotspots.printing import class_lines, k_lines

NONE_WITHHELD = {"n_sex_withheld": 0, "n_age_band_withheld": 0, "n_earlier_withheld": 0}


def test_a_receipt_tells_the_smallest_class_and_how_many_are_in_small_ones():
    told = class_lines({"k_smallest": 1, "n_k_1": 12, "n_k_below_5": 30, **NONE_WITHHELD})

    assert len(told) == 1
    assert "12 of these are the only stored record of their provider, night, place" in told[0]
    assert "30 share them with fewer than four others (k = 1)" in told[0]


def test_a_receipt_tells_what_was_withheld():
    withheld = {"n_sex_withheld": 7, "n_age_band_withheld": 5, "n_earlier_withheld": 2}
    told = class_lines({"k_smallest": 1, "n_k_1": 0, "n_k_below_5": 0, **withheld})

    assert "sex of 7 records, age band of 5" in told[1]
    assert "2 stored earlier" in told[1]


def test_files_of_counts_and_crimes_have_no_classes():
    assert class_lines({"n_read": 3}) == []
    assert class_lines({"k_smallest": 0, "n_k_1": 0, "n_k_below_5": 0, **NONE_WITHHELD}) == []


def test_the_status_tells_each_providers_k_with_shares():
    k = {"n_records": 200, "k_smallest": 1, "n_k_1": 50, "n_k_below_5": 150}
    (line,) = k_lines({"marford": {**k, "share_k_1": 0.25, "share_k_below_5": 0.75}})

    assert line.startswith("marford: 200 assaults stored; 50 (25.0%) the only one of their")
    assert "150 (75.0%) shared by fewer than five (k = 1)" in line
