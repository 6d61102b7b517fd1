"""What slides are built of: titles, words, tables and outlines as PowerPoint's own, editable.

Every text passes `plain_text`. Every picture and shape has an alternative text or is text itself.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from hotspots.plain_text import plain_text

FONT = "Arial"
INK, QUIET, NAVY, WHITE, SHADE = "0B0C0C", "484F55", "12436D", "FFFFFF", "F3F2F1"
LEFT, CENTER, RIGHT = "l", "ctr", "r"
EMU_PER_MM = 36_000
CELL_MARGIN_MM = 1.3

_NAMESPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_LINES = "".join(
    f'<a:{side} w="6350"><a:solidFill><a:srgbClr val="B1B4B6"/></a:solidFill></a:{side}>'
    for side in ("lnL", "lnR", "lnT", "lnB")
)
# Shapes of python-pptx, which has no types.
Shape = Any
Slide = Any


class _Style(NamedTuple):
    """Of one paragraph: points, RRGGBB, and the side that it is set to."""

    size: float
    bold: bool = False
    colour: str = INK
    align: str = LEFT
    gap: float = 0.0


class Place(NamedTuple):
    """Left, top, width and height on a slide, in mm."""

    left: float
    top: float
    width: float
    height: float


def emu(mm: float) -> Emu:
    """Millimetres in the unit of PowerPoint, whole."""
    return Emu(round(mm * EMU_PER_MM))


def rgb(colour: str) -> Any:
    """RRGGBB as python-pptx takes it."""
    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call]


def set_words(
    frame: Any,
    paragraphs: Sequence[str],
    *,
    size: float,
    bold: bool = False,
    colour: str = INK,
    align: str = LEFT,
    gap: float = 0.0,
) -> None:
    """Put paragraphs into a text frame, in British English and one style; sizes in points."""
    frame.word_wrap = True
    body = frame._txBody
    for old in body.findall(qn("a:p")):
        body.remove(old)
    for words in paragraphs:
        style = _Style(size=size, bold=bold, colour=colour, align=align, gap=gap)
        body.append(parse_xml(_paragraph(words, style, declared=True)))


def add_words(slide: Slide, place: Place, paragraphs: Sequence[str], **style: Any) -> Shape:
    """A text box with these paragraphs; style as of `set_words`."""
    box = slide.shapes.add_textbox(*(emu(mm) for mm in place))
    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    set_words(frame, paragraphs, **style)
    return box


def add_table(
    slide: Slide,
    place: Place,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    numeric: Sequence[bool],
    size: float,
    name: str,
    fills: Sequence[Sequence[str]] | None = None,
) -> Shape:
    """A table with a heading row; `place.height` is that of all rows together, at least.

    Parameters
    ----------
    widths
        Of the columns, in any unit: they share the width of the place.
    numeric
        Which columns are set to the right.
    name
        What the table holds, for those who do not see it.
    fills
        Colour of each cell below the heading, as RRGGBB; default white and grey in turn.
    """
    height = emu(place.height / (len(rows) + 1))
    shape = slide.shapes.add_table(
        1, 1, emu(place.left), emu(place.top), emu(place.width), height * (len(rows) + 1)
    )
    describe(shape, name)
    heading = _Style(size=size, bold=True, colour=WHITE)
    body = _Style(size=size)
    lines = [_row(headings, [NAVY] * len(headings), heading, numeric, height)]
    for number, row in enumerate(rows):
        colours = fills[number] if fills else [(WHITE, SHADE)[number % 2]] * len(row)
        lines.append(_row(row, colours, body, numeric, height))
    columns = "".join(
        f'<a:gridCol w="{emu(place.width * width / sum(widths))}"/>' for width in widths
    )
    table = shape._element.graphic.graphicData.tbl
    # Built as one text: python-pptx takes milliseconds for each cell.
    made = parse_xml(
        f'<a:tbl {_NAMESPACE}><a:tblPr firstRow="1"/><a:tblGrid>{columns}</a:tblGrid>'
        f"{''.join(lines)}</a:tbl>"
    )
    table.getparent().replace(table, made)
    return shape


def add_picture(slide: Slide, png: bytes, place: Place, *, alt: str) -> Shape:
    """A picture that fills the place, with its alternative text."""
    picture = slide.shapes.add_picture(io.BytesIO(png), *(emu(mm) for mm in place))
    describe(picture, alt)
    return picture


def add_outline(
    slide: Slide, points: Sequence[tuple[float, float]], *, alt: str, is_broken: bool
) -> Shape:
    """A closed line through points of the slide (mm), black, without a fill."""
    corners = [(emu(x), emu(y)) for x, y in points]
    builder = slide.shapes.build_freeform(*corners[0])
    builder.add_line_segments(corners[1:], close=True)
    shape = builder.convert_to_shape()
    shape.fill.background()
    shape.line.color.rgb = rgb(INK)
    shape.line.width = Pt(2.25)
    if is_broken:
        shape.line.dash_style = MSO_LINE.DASH
    shape.shadow.inherit = False
    describe(shape, alt)
    return shape


def add_badge(slide: Slide, x: float, y: float, number: int, *, radius: float) -> Shape:
    """A number in a black disc with its middle at a point of the slide, in mm."""
    shape = slide.shapes.add_shape(
        MSO_SHAPE.OVAL, emu(x - radius), emu(y - radius), emu(2 * radius), emu(2 * radius)
    )
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(INK)
    shape.line.color.rgb = rgb(WHITE)
    shape.line.width = Pt(1)
    shape.shadow.inherit = False
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    set_words(frame, [str(number)], size=10, bold=True, colour=WHITE, align=CENTER)
    frame.word_wrap = False
    describe(shape, f"Number of hot spot {number}")
    return shape


def add_swatch(slide: Slide, place: Place, colour: str, *, alt: str) -> Shape:
    """A small rectangle of one colour (RRGGBB), for a key."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(emu(mm) for mm in place))
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False
    describe(shape, alt)
    return shape


def describe(shape: Shape, alt: str) -> None:
    """Give a shape its alternative text."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", plain_text(alt))


def _row(
    row: Sequence[str], fills: Sequence[str], style: _Style, numeric: Sequence[bool], height: int
) -> str:
    cells = "".join(
        _cell(words, fill, style._replace(align=RIGHT if to_right else LEFT))
        for words, fill, to_right in zip(row, fills, numeric, strict=True)
    )
    return f'<a:tr h="{height}">{cells}</a:tr>'


def _cell(words: str, fill: str, style: _Style) -> str:
    side, top = emu(CELL_MARGIN_MM), emu(0.4)
    style = style._replace(colour=WHITE if _is_dark(fill) else style.colour)
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{_paragraph(words, style)}</a:txBody>"
        f'<a:tcPr marL="{side}" marR="{side}" marT="{top}" marB="{top}" anchor="ctr">'
        f"{_LINES}"
        f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill></a:tcPr></a:tc>'
    )


def _paragraph(words: str, style: _Style, *, declared: bool = False) -> str:
    """A paragraph in PresentationML; the text is escaped, the style is ours."""
    sizes = f'lang="en-GB" sz="{round(100 * style.size)}" b="{int(style.bold)}"'
    look = (
        f'<a:solidFill><a:srgbClr val="{style.colour}"/></a:solidFill>'
        f'<a:latin typeface="{FONT}"/><a:cs typeface="{FONT}"/>'
    )
    text = escape(plain_text(words))
    run = f"<a:r><a:rPr {sizes}>{look}</a:rPr><a:t>{text}</a:t></a:r>" if text else ""
    return (
        f'<a:p{" " + _NAMESPACE if declared else ""}><a:pPr algn="{style.align}"><a:spcAft>'
        f'<a:spcPts val="{round(100 * style.gap)}"/></a:spcAft><a:buNone/></a:pPr>{run}'
        f"<a:endParaRPr {sizes}/></a:p>"
    )


def _is_dark(fill: str) -> bool:
    """White words are read better on it than black ones (sum of the channels, by their weight)."""
    red, green, blue = (int(fill[at : at + 2], 16) for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 120
