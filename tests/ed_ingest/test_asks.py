import pandas as pd

from ed_ingest import asks
from ed_ingest.asks import what_to_ask
from ed_ingest.items import ITEMS, items_present
from tests.ed_ingest.contract_rows import assault_at, assaults

NONE_HELD_BACK = pd.DataFrame({"provider": [], "items_present": []}).astype(
    {"provider": "str", "items_present": "int64"}
)
ALL_PRESENT = (1 << len(ITEMS)) - 1


def asked(table: pd.DataFrame, item: str, held_back: pd.DataFrame = NONE_HELD_BACK) -> dict:
    found = what_to_ask(table, held_back)
    rows = found[found["item"] == item]
    return dict(zip(rows["received_instead"], rows["n"], strict=True))


def delivered(table: pd.DataFrame, **cells: list[str]) -> pd.DataFrame:
    return table.assign(items_present=items_present(pd.DataFrame(cells)))


def test_blank_a_word_and_words_not_understood_are_told_apart():
    table = delivered(
        assaults(*[{"assault_method": "unknown"}] * 3, {}),
        assault_method=["", "not known", "gibberish", "fists"],
    )

    assert asked(table, "type") == {asks.BLANK: 1, asks.WORD: 1, asks.NOT_UNDERSTOOD: 1}


def test_what_came_instead_of_a_time():
    date, none = {"time_precision": "date"}, {"time_precision": "arrival"}
    table = delivered(
        assaults(date, date, date, date, none, {}),
        assault_time=["00:00", "", "unknown", "lunchish", "22:00", "23:10"],
    )

    assert asked(table, "time") == {
        asks.MIDNIGHT: 1, asks.BLANK: 1, asks.WORD: 1, asks.UNREAD: 1, asks.NO_DATE: 1,
    }  # fmt: skip


def test_a_date_alone_where_both_were_asked_for():
    date = {"time_precision": "date"}
    table = delivered(assaults(date, date), assault_at=["14/03/2026", "14/03/2026 00:00"])

    assert asked(table, "time") == {asks.DATE_ALONE: 1, asks.MIDNIGHT: 1}


def test_what_came_instead_of_a_place():
    levels = ["locality", "area", "none", "none", "none", "street"]
    rows = [{"location_level": level} for level in levels]
    rows[4]["location_type"] = "unknown"
    table = delivered(
        assaults(*rows), location_text=["Marford", "MF1", "over there", "", "", "Castle Street"]
    )

    assert asked(table, "location") == {
        asks.LOCALITY: 1, asks.AREA: 1, asks.NO_PLACE: 1, asks.TYPE_ONLY: 1, asks.BLANK: 1,
    }  # fmt: skip


def test_a_home_is_asked_for_nothing():
    home = {"location_type": "own_home", "location_level": "none"}
    table = delivered(assaults(home), location_text=[""])

    assert asked(table, "location") == {}


def test_rows_held_back_are_asked_for_as_a_whole_and_for_what_they_lack():
    held_back = pd.DataFrame({"provider": "marford", "items_present": [0, ALL_PRESENT]})
    table = assaults({}).assign(items_present=ALL_PRESENT)

    assert asked(table, "row", held_back) == {asks.HELD_BACK: 2}
    assert asked(table, "type", held_back) == {asks.BLANK: 1}


def test_midnight_is_suspect_when_it_outnumbers_the_hours_around_it():
    midnight = pd.Timestamp("2026-03-14 00:00")
    hours = [assault_at(midnight + pd.Timedelta(hours=h)) for h in (-2, -1, 1, 2)] * 3
    # Three at each hour around it; ten at midnight are more than three times that, nine are not.
    table = assaults(*hours, *[assault_at(midnight)] * 10).assign(items_present=ALL_PRESENT)

    assert asked(table, "time") == {asks.MIDNIGHT_SUSPECTED: 10}
    assert asked(table.iloc[:-1], "time") == {}


def test_most_rows_come_first_within_an_item():
    table = delivered(
        assaults(*[{"alcohol": "unknown"}] * 3), alcohol=["who knows", "unknown", "unknown"]
    )

    found = what_to_ask(table, NONE_HELD_BACK)

    assert list(found.loc[found["item"] == "alcohol", "n"]) == [2, 1]


def test_no_rows_ask_for_nothing():
    table = assaults({}).assign(items_present=0).iloc[:0]

    assert what_to_ask(table, NONE_HELD_BACK).empty


def test_what_is_asked_never_repeats_a_cell():
    table = delivered(assaults({"location_level": "none"}), location_text=["Jenkin's back garden"])

    assert "Jenkin" not in what_to_ask(table, NONE_HELD_BACK).to_csv()
