"""Sheets to print and send: PDF/UA-1 by typst, one fixed font, the same bytes for the same data.

What comes from data is handed to typst as JSON beside the template, never as part of it: typst
shows it as text, so that nothing in a name can be markup, read a file or stop the page. Neither the
machine's fonts nor its clock are used, so that two machines make the same file.
"""

from __future__ import annotations

import json
import re
import struct
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from pathlib import Path

import typst

from ed_ingest import __version__
from hotspots.pages import asset

_FACE = "LiberationSans-Regular.ttf"
_NOT_PLAIN = re.compile(r"[^ -~]")  # what is printed in ASCII every font has
_UNKNOWN = "\u25a1"  # an empty box, drawn for a character that the font lacks


def typeset(template: str, *, data: Mapping[str, object], dated: date) -> bytes:
    """One tagged PDF (PDF/UA-1, A4) from a template and what it shows.

    Parameters
    ----------
    template
        Name of a file in ``hotspots/templates``, in typst's language. ``sheet.typ`` comes before
        it: that gives it ``data``, the colours, the header with title and marking, and the footer.
    data
        What the template shows, made of what JSON has: texts, numbers, true, none, lists and
        mappings. ``title`` (not blank), ``subtitle`` (under the title; may be empty) and
        ``marking`` are needed; ``version`` is added. Every text is shown as it is; a character that
        the font lacks is shown as □, and controls and invisible marks of direction are left out.
    dated
        Day that stands in the file as its day of making, e.g. the period's last: the clock is not
        looked at.

    Returns
    -------
    bytes
        The PDF; equal for equal arguments and version of the product.

    Raises
    ------
    typst.TypstError
        If the template is at fault: no text in `data` can do this.
    """
    source = asset("templates/sheet.typ") + asset(f"templates/{template}")
    pdf = _compiler(source, {**data, "version": __version__}).compile(
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
    )
    assert isinstance(pdf, bytes)  # noqa: S101 (bytes, as no file was named)
    return pdf


def draw_png(svg: str, *, ppi: float) -> bytes:
    """A picture in SVG as PNG, with the same font and the same rules for its text.

    Parameters
    ----------
    svg
        The picture; its width and height are given in mm.
    ppi
        Pixels to an inch.
    """
    source = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#set text(font: "Liberation Sans")\n'
        '#image(bytes(json(bytes(sys.inputs.data)).svg), format: "svg")'
    )
    png = _compiler(source, {"svg": svg}).compile(format="png", ppi=ppi)
    assert isinstance(png, bytes)  # noqa: S101 (bytes, as no file was named)
    return png


def _compiler(source: str, data: Mapping[str, object]) -> typst.Compiler:
    return typst.Compiler(
        source.encode("utf-8"),
        root=_font_folder(),  # no template reads a file, and none outside this could be read
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_drawable(data))},
    )


def _drawable(value: object) -> object:
    """`value` with only characters that can be drawn: PDF/UA-1 allows no others."""
    if isinstance(value, str):
        return _NOT_PLAIN.sub(lambda found: _drawn(found[0]), unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {key: _drawable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(inner) for inner in value]
    return value


def _drawn(character: str) -> str:
    if character.isspace():
        return character if character == "\u00a0" else " "
    if unicodedata.category(character) in ("Cc", "Cf"):
        return ""
    return character if ord(character) in _covered() else _UNKNOWN


def _font_folder() -> Path:
    return Path(str(resources.files("hotspots").joinpath("fonts")))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_font_folder())],
    )


@cache
def _covered() -> frozenset[int]:
    """Code points that the font can draw: its `cmap` table, format 4 (OpenType 1.9, section cmap).

    Format 4 holds the Basic Multilingual Plane as segments: the last code point of each, the first,
    a shift, and an offset into the list of glyphs. Glyph 0 is "missing".
    """
    font = (_font_folder() / _FACE).read_bytes()
    table = _table(font, b"cmap")
    records = struct.iter_unpack(">HHI", table[4 : 4 + 8 * struct.unpack_from(">H", table, 2)[0]])
    start = next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    body = table[start:]
    n = struct.unpack_from(">H", body, 6)[0] // 2
    lasts, firsts, shifts, offsets = (
        struct.unpack_from(f">{n}H", body, where + 2 * n * part)
        for part, where in enumerate((14, 16, 16, 16))
    )
    found = set()
    for segment, (last, first, shift, offset) in enumerate(
        zip(lasts, firsts, shifts, offsets, strict=True)
    ):
        for code in range(first, last + 1):
            place = 16 + 6 * n + 2 * segment + offset + 2 * (code - first)
            glyph = struct.unpack_from(">H", body, place)[0] if offset else (code + shift) % 65536
            if glyph:
                found.add(code)
    return frozenset(found)


def _table(font: bytes, tag: bytes) -> bytes:
    n = struct.unpack_from(">H", font, 4)[0]
    directory = struct.iter_unpack(">4sIII", font[12 : 12 + 16 * n])
    start, length = next((start, length) for name, _, start, length in directory if name == tag)
    return font[start : start + length]
