import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ed_ingest.regular_csv import regular_columns


def columns(text, *, skip_lines=0, width=2):
    found = regular_columns(text.encode(), delimiter=",", skip_lines=skip_lines, width=width)
    return found and [[cell for part in column for cell in part.to_pylist()] for column in found]


def test_columns_of_a_regular_file():
    assert columns('a,b\n1,"x, ""y""\nz"\n,""\n', skip_lines=1) == [["1", ""], ['x, "y"\nz', ""]]


@pytest.mark.parametrize(
    "text",
    [
        '1,the "Red" pub\n',
        '1,"x"y\n',
        '1,"open\n',
        '1, "x"\n',
        "1,2,3\n",
        "1\n",
        "1,2\r3,4\n",
        "1,2\r\n3,4\n",
        "",
    ],
)
def test_a_file_that_readers_could_differ_about_is_left_to_the_slower_way(text):
    assert columns(text) is None


SIGNS = st.text(alphabet='ab ,"\n\r é', max_size=30)


@given(
    SIGNS
    | st.lists(st.sampled_from(['"', ",", "\n", '""', "a", "b,", '","']), max_size=12).map("".join)
)
@example('"a","b"\n"c","d"')
@example('"",""\n"""",a\n')
@example('a,"\n"\n')
def test_what_is_read_is_what_the_csv_module_reads(text):
    """Whatever the text: either it is left alone, or the strict csv module gives the same."""
    found = columns(text)

    if found is not None:
        # A blank line is a row without cells there, and a row of blank cells here.
        rows = [row or ["", ""] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
        assert [list(cells) for cells in zip(*rows, strict=True)] == found
