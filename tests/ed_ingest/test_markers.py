import pandas as pd
import pytest

from ed_ingest.markers import MARKERS, read_markers


def read(values=None, **cells):
    return read_markers(pd.DataFrame(cells, dtype="str"), values or {})


@pytest.mark.parametrize(
    ("marker", "text", "code"),
    [
        ("knife", "Kitchen knife", "yes"), ("knife", "Machete", "yes"), ("knife", "Bottle", "no"),
        ("knife", "No knife", "no"), ("knife", "N", "no"), ("knife", "Y", "yes"),
        ("knife", "zzgl", "unknown"), ("night_time_economy", "NTE", "yes"),
        ("night_time_economy", "Night time economy related", "yes"),
        ("alcohol", "Not known", "unknown"),
        ("domestic_abuse", "DA", "yes"), ("domestic_abuse", "Non-domestic", "no"),
    ],
)  # fmt: skip
def test_a_marker_s_own_column_is_read_in_words(marker, text, code):
    assert read(**{marker: [text]})[marker].iloc[0] == code


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DA; Alcohol; NTE", ["yes", "yes", "unknown", "yes"]),
        ("Knife/ALC", ["yes", "unknown", "yes", "unknown"]),
        ("No knife, Domestic abuse", ["unknown", "yes", "no", "unknown"]),
        ("Hate", ["unknown"] * 4),
        (None, ["unknown"] * 4),
    ],
)
def test_a_list_of_markers_says_nothing_of_those_it_leaves_out(text, told):
    cells = {marker: [text, "DA"] for marker in MARKERS}
    table = read(**cells)

    assert table.loc[0, list(MARKERS)].tolist() == told
    assert table[[f"_unread_{marker}" for marker in MARKERS]].isna().all().all()


def test_columns_of_yes_and_no_that_are_equal_by_chance_are_no_list():
    table = read(alcohol=["Y", "N"], knife=["Y", "N"])

    assert table[["alcohol", "knife"]].to_numpy().tolist() == [["yes", "yes"], ["no", "no"]]


def test_the_force_s_own_words_come_first():
    assert read({"knife": {"Q7": "yes"}}, knife=["Q7"])["knife"].tolist() == ["yes"]
