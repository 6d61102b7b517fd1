import pytest

from ed_ingest.delimited import read_rows
from ed_ingest.errors import FileError

TABLE = [["Arrival", "Place"], ["03/01/2026 02:50", "café, High Street"]]


def written(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "extract.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
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
    with pytest.raises(FileError, match=r"extract\.csv: a quotation mark is opened and never"):
        read_rows(written(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "a workbook under the name of a text file"),
        (b"\xd0\xcf\x11\xe0rest", "a workbook under the name of a text file"),
        (b"a,b\n\x00\x01", "not a text file"),
        (b"\x81\x8d", "the letters are in no known code"),
        (b"\xef\xbb\xbf\xff", "the letters are in no known code"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(tmp_path, content, message):
    path = tmp_path / "extract.csv"
    path.write_bytes(content)

    with pytest.raises(FileError, match=message):
        read_rows(path)
