"""Whatever the bytes, a table or one sentence comes out, and the sentence holds no cell."""

import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.errors import FileError
from ed_ingest.guarded import Limits, close_reader, read_guarded
from ed_ingest.read import read_extract
from tests.effort import few

PLANTED = "Zebulonia"
TEXT = (
    f'Arrival;Place;Method\r\n03/01/2026 02:50;"{PLANTED}; bar";Fist\r\n\r\n'
    f"04/01/2026 22:10;{PLANTED};Knife\r\nTotal;2;\r\n"
)
XML = (
    f"<X><P>Jan</P><A n='1'><Place>{PLANTED}</Place><W/></A>"
    f"<A n='2'><Place>{PLANTED}</Place><W>a</W></A></X>"
)


@pytest.fixture(scope="module", autouse=True)
def no_reader_is_left():
    yield
    close_reader()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Arrival", "Place"], ["03/01/2026", PLANTED], [46025.5, "=1+1"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


WORKBOOK = workbook()
OLD_WORKBOOK = (Path(__file__).parents[1] / "data" / "old_workbook.xls").read_bytes()


# The reader of workbooks lays out whatever rectangle a damaged file names, so those are read in a
# process that may be ended.
LIMITS = Limits(max_memory_mb=400, max_seconds=20)


def outcome(content: bytes, ending: str, *, guarded: bool = False) -> None:
    """Read the bytes; anything but a table or a refusal is raised."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{ending}"
        path.write_bytes(content)
        try:
            raw = read_guarded(path, limits=LIMITS) if guarded else read_extract(path)
        except FileError as error:
            refusal = str(error)
        else:
            refusal = ""
            assert len(raw) > 0
            assert raw.index.name == "row"
            assert raw.index.is_unique
    assert PLANTED not in refusal
    assert "\n" not in refusal


@st.composite
def mutated(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes cut, turned, doubled or replaced at up to eight places."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 8))):
        if not content:
            break
        place = draw(st.integers(0, len(content) - 1))
        change = draw(st.sampled_from(["cut", "replace", "insert", "double", "drop"]))
        if change == "cut":
            del content[place:]
        elif change == "replace":
            content[place] = draw(st.integers(0, 255))
        elif change == "insert":
            content[place:place] = draw(
                st.binary(max_size=4) | st.sampled_from([b'"', b"\r", b";"])
            )
        elif change == "double":
            content[place:place] = content[place : place + draw(st.integers(1, 50))]
        else:
            del content[place : place + draw(st.integers(1, 50))]
    return bytes(content)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xls", "ods", "xml"])
@few(25, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_under_any_name(ending, content):
    outcome(content, ending)


@few(60, deadline=None)
@given(
    mutated(TEXT.encode())
    | mutated(TEXT.encode("utf-16"))
    | st.text(alphabet='ab1,;"\n\r\t |é', max_size=80).map(str.encode)
)
def test_changed_text(content):
    outcome(content, "csv")


@few(50, deadline=None)
@given(mutated(XML.encode()))
def test_changed_xml(content):
    outcome(content, "xml")


@few(20, deadline=None)
@given(mutated(WORKBOOK))
def test_a_changed_workbook(content):
    outcome(content, "xlsx", guarded=True)


@few(20, deadline=None)
@given(mutated(OLD_WORKBOOK))
def test_a_changed_old_workbook(content):
    outcome(content, "xls", guarded=True)


@few(30, deadline=None)
@given(
    st.data(),
    st.sampled_from(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
    ),
)
def test_a_workbook_with_one_part_changed(data, part):
    # Changed before packing, so that the change reaches the parser behind the checksum.
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, data.draw(mutated(content)) if name == part else content)
    outcome(packed.getvalue(), "xlsx", guarded=True)
