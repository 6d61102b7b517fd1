from ed_ingest.reading_notes import reading_notes


def test_what_the_reader_counted_becomes_notes_on_the_whole_file():
    notes = reading_notes({"left_out": 3, "hidden_sheets": 1, "macros": 1, "error_cells": 0})

    assert notes["row"].tolist() == [0, 0, 0]
    assert set(notes["fate"]) == {"noted"}
    assert notes["remedy"].str.startswith(("3 totals", "1 hidden sheets", "The workbook")).all()


def test_several_sheets_are_told_with_the_way_to_find_a_row():
    (remedy,) = reading_notes({"sheets_read": 2})["remedy"]

    assert "row 30000012 is row 12 of the third" in remedy


def test_nothing_counted_is_nothing_noted():
    assert reading_notes({}).empty
    assert reading_notes({"sheets_read": 1, "epoch_1904": 1}).empty
