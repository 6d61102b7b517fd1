import pytest

from ed_ingest import delimited
from ed_ingest.delimited import read_rows
from ed_ingest.errors import FileError

TABLE = [["Arrival", "Place"], ["03/01/2026 02:50", "café, High Street"]]


def written(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "extract.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_letters_are_read_in_the_codes_that_hospitals_send(tmp_path, encoding):
    text = 'Arrival,Place\r\n03/01/2026 02:50,"café, High Street"\r\n'

    assert read_rows(written(tmp_path, text, encoding)) == TABLE


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_cells_are_parted_by_the_sign_that_parts_most_rows_evenly(tmp_path, sign):
    rows = [["When", "Where", "How"], ["1, 2", "a", "b"], ["3", "c, d, e", "f"]]
    text = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows)

    assert read_rows(written(tmp_path, text)) == rows


def test_a_declared_sign_is_obeyed_and_is_not_a_row(tmp_path):
    assert read_rows(written(tmp_path, "sep=|\na,b|c\n1|2\n")) == [["a,b", "c"], ["1", "2"]]


def test_a_line_break_in_a_quoted_cell_stays_in_the_cell(tmp_path):
    assert read_rows(written(tmp_path, 'a,b\n1,"x,\ny"\n'))[1] == ["1", "x,\ny"]


def test_marks_inside_a_cell_are_read_where_no_rows_run_together(tmp_path):
    assert read_rows(written(tmp_path, 'a,b\n1,the "Red" pub\n2,"x"y\n'))[2] == ["2", "xy"]


@pytest.mark.parametrize("text", ['a,b\n1,"open\n2,x\n3,y\n', 'a,b\n1,"open\n2,"x"y\n3,z\n'])
def test_a_mark_never_closed_is_refused_before_rows_are_lost(tmp_path, text):
    with pytest.raises(FileError, match=r"extract\.csv: a quotation mark is opened in row 2 and"):
        read_rows(written(tmp_path, text))


def test_titles_and_commas_in_words_do_not_hide_the_sign(tmp_path):
    text = (
        "Assaults, by day, and place, January\n\nWhen;Where;How\n"
        + "1;bar, stairs, door;a, b\n" * 9
    )

    assert read_rows(written(tmp_path, text))[3] == ["1", "bar, stairs, door", "a, b"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_are_rows_and_line_breaks_in_quotes_are_not(tmp_path, end):
    text = end.join(["sep=;", "a;b", "", '1;"x', "", 'y"', "2;z", ""])

    assert [len(row) for row in read_rows(written(tmp_path, text))] == [2, 0, 2, 2]


def test_rows_are_counted_over_chunks_where_a_mark_is_left_open(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "CHUNK_ROWS", 2)
    text = "a,b\n" + "1,x\n" * 5 + '2,"open\n3,x\n4,y\n'

    with pytest.raises(FileError, match="opened in row 7"):
        read_rows(written(tmp_path, text))


def test_a_row_that_swallows_another_between_two_stray_marks_is_refused(tmp_path):
    # Well formed for a parser: the cell runs from "Crown to knife 8", so row 3 would vanish.
    text = 'a,b,c,d\n1,"Crown,x,y\n2,b,knife 8",z\n3,b,c,d\n'

    with pytest.raises(FileError, match="opened in row 2"):
        read_rows(written(tmp_path, text))


def test_line_breaks_in_cells_are_kept_beside_loose_marks(tmp_path):
    text = 'a,b,c\n1,"x"y,z\n2,"line one\nline two, and more",z\n'

    assert read_rows(written(tmp_path, text))[2] == ["2", "line one\nline two, and more", "z"]


def test_a_cell_of_a_million_signs_is_refused_by_its_row(tmp_path):
    with pytest.raises(FileError, match=r"row 2 has a cell of more than 131,072 characters"):
        read_rows(written(tmp_path, "a,b\n" + "z" * 1_000_000 + ",1\n"))


def test_the_sign_that_ends_a_text_in_dos_is_no_row(tmp_path):
    assert read_rows(written(tmp_path, "a,b\n1,2\n\x1a")) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "a workbook under the name of a text file"),
        (b"\xd0\xcf\x11\xe0rest", "a workbook under the name of a text file"),
        (b"a,b\n\x00\x01", "not a text file"),
        ("a,b\n1,\0\n".encode("utf-16"), "not a text file"),
        (b"%PDF-1.7 \x01\x02\x03\x04 obj", "not a text file"),
        (bytes(range(1, 128)) * 50, "not a text file"),
        (b"\x81\x8d", "the letters are in no known code"),
        (b"\xef\xbb\xbf\xff", "the letters are in no known code"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(tmp_path, content, message):
    path = tmp_path / "extract.csv"
    path.write_bytes(content)

    with pytest.raises(FileError, match=message):
        read_rows(path)
