"""Sheets made by typst: tagged, the same bytes for the same data, and text from data inert."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from hotspots import typesetting

SHOWN = "= Names\n#data.name\n"
MONTH_END = date(2025, 3, 31)


@pytest.fixture(scope="module", autouse=True)
def template():
    """A template that shows one name, under the header of every sheet."""
    shipped = typesetting.asset
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            typesetting,
            "asset",
            lambda name: SHOWN if name == "templates/shown.typ" else shipped(name),
        )
        yield


def sheet(name: str = "St Mary’s", *, dated: date = MONTH_END, title: str = "Feedback") -> bytes:
    data = {"title": title, "subtitle": "March 2025", "marking": "OFFICIAL", "name": name}
    return typesetting.typeset("shown.typ", data=data, dated=dated)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().split())


def test_a_sheet_is_a_tagged_pdf_in_british_english_with_its_title():
    pdf = read(sheet())

    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    assert pdf.metadata.title == "Feedback"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_the_day_of_making_is_the_one_given_and_not_the_clocks():
    assert read(sheet()).metadata.creation_date == datetime(2025, 3, 31, tzinfo=UTC)


def test_equal_data_give_equal_bytes_and_other_data_do_not():
    assert sheet() == sheet()
    assert sheet() != sheet("St Mark’s")
    assert sheet() != sheet(dated=date(2025, 4, 30))


def test_all_fonts_are_in_the_file():
    fonts = read(sheet()).pages[0]["/Resources"]["/Font"].values()
    inside = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]

    assert all("Liberation" in font["/BaseFont"] for font in inside)
    assert all("/FontFile2" in font["/FontDescriptor"] for font in inside)


def test_markup_in_a_name_is_shown_and_not_run():
    name = '*St* #panic("x") #read("/LICENCE.txt") $x$ [b] <a> @x // c'

    assert name in words(sheet(name, title=name))


def test_the_marking_stands_in_the_header_and_in_the_footer():
    assert words(sheet()).count("OFFICIAL") == 2


def test_what_the_font_lacks_is_a_box_and_what_is_invisible_is_left_out():
    assert "Ŵyl □ ab c" in words(sheet("W\u0302yl ✓ a\u202eb\x00\nc"))


@settings(max_examples=30)
@given(st.text(max_size=40))
@example("\ud800")
@example("\U0001f642")
@example("")
def test_no_text_can_stop_a_sheet(name):
    assert sheet(name, title=f"Feedback: {name}").startswith(b"%PDF")


def test_the_code_points_of_the_font_are_those_that_another_reader_finds():
    # Pillow draws the box of "missing" for a character that the font lacks.
    from PIL import ImageFont

    file = typesetting._font_folder() / typesetting._FACE
    face = ImageFont.truetype(str(file), 24, layout_engine=ImageFont.Layout.BASIC)
    box = bytes(face.getmask("\U000e0fff"))
    asked = [*range(0x21, 0x7F), *range(0xA1, 0x180), *range(0x2010, 0x2030), 0x2713, 0x65E5]
    missing = {code for code in asked if bytes(face.getmask(chr(code))) == box}
    ours = {code for code in asked if code not in typesetting._covered()}

    assert ours - {0xAD} == missing - {0xAD}  # the soft hyphen, never drawn
