import pytest

from ed_ingest.hidden_numbers import without_hidden_numbers


@pytest.mark.parametrize(
    "number",
    [
        "9 9 9 0 0 0 1 1 1 8",
        "99 90 00 11 18",
        "9.9.9.0.0.0.1.1.1.8",
        "x99 x90 x00 x11 x18",
        "9am 9am 9am 0am 1am 1am",
        "⑨ ⑨ ⑨ ⓪ ⓪ ⓪ ① ① ① ⑧",
        "٩٩ ٩٠ ٠٠ ١١ ١٨",
        "99\u200b90\u200b00\u200b11\u200b18",
        "nine nine nine zero zero zero one one one eight",
        "nine nine nine […] one one one eight",
        "nine then nine then nine then one then one then eight",
        "twelve three eighty seven",
        "nineteen eighty seven",
        "naw naw naw dim dim un",
        "M9 M9 M9 M1 M1 M8",
    ],
)
def test_a_number_spread_over_harmless_words_goes(number):
    left = without_hidden_numbers(f"ring {number} outside")

    assert left.startswith("ring […]")
    assert left.endswith("outside")
    assert not any(map(str.isdigit, left))
    assert "nine" not in left
    assert left.count("[…]") <= number.count(" then ") + 1


@pytest.mark.parametrize(
    "text",
    [
        "outside 12 or 14 at 2330",
        "GCS 14, 0345",
        "between 2300 and 0130",
        "2300-0130 at the rank",
        "M4 J33 A4232 roundabout",
        "hit by two of four, one ran off",
        "bus 25, stop 3",
        "1st floor, room 12",
        "",
    ],
)
def test_times_counts_and_roads_stay(text):
    assert without_hidden_numbers(text) == text
