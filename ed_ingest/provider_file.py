"""Write a proposed mapping as the provider's file: short, commented, for a person to edit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ed_ingest.headings import is_common_heading
from ed_ingest.proposal import LIKELY, SURE, Suggestion

# Items in the order in which a person reads them.
_SECTIONS = (
    ("When the patient arrived", ("arrived_at", "arrived_date", "arrived_time")),
    ("When the assault was", ("assault_at", "assault_date", "assault_time")),
    ("How, and where", ("assault_method", "location_type", "location_text", "easting", "northing",
                        "latitude", "longitude", "grid_reference", "lsoa")),
    ("What is known besides", ("alcohol", "drugs", "domestic_abuse", "reported_to_police",
                               "gang_related", "assailants", "relationship", "admitted")),
    ("Which attendance it is, and whether an assault brought the patient",
     ("attendance_number", "attendance_reason", "duplicate_flag")),
    ("Of the patient, as the agreement allows", ("age_band", "age", "date_of_birth", "sex")),
)  # fmt: skip
_HEAD = """\
# How files of this provider are read. Written by ed-hotspots profile; edit it as you need.
# A line that begins with # is an explanation. Columns that are not named here are never read.

"""


@dataclass(frozen=True)
class Agreed:
    """What is known of the provider and its sharing agreement."""

    name: str
    source: str = "ed"
    site_code: str = ""
    reference: str | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How the file is laid out, and which words its coded columns use.

    ``values``: by coded column, words or local codes -> contract codes. ``unread``: by coded
    column, frequent words that no list knows.
    """

    sheet: str | None = None
    date_order: str = "dmy"
    midnight_is_missing: bool = False
    values: Mapping[str, Mapping[str, str]] | None = None
    unread: Mapping[str, Sequence[str]] | None = None


def provider_toml(
    suggestions: Sequence[Suggestion],
    ticks: Mapping[str, Sequence[str]],
    *,
    agreed: Agreed,
    layout: Layout,
) -> str:
    """Text of providers/<id>.toml.

    Parameters
    ----------
    suggestions
        What each column of the file is taken for.
    ticks
        Coded column -> headings of its boxes to tick.
    agreed
        Name, kind and sharing agreement.
    layout
        Format, and the provider's own words.
    """
    parts = [
        _HEAD,
        _first_lines(agreed),
        _format(layout),
        _columns(suggestions),
        _left_behind(suggestions, ticks),
        _ticks(ticks),
        _values(layout),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def plain_toml(kind: str, document: Mapping[str, Any], *, agreed: Agreed) -> str:
    """Text of providers/<id>.toml for a police force or for counts: the tables as proposed.

    Parameters
    ----------
    kind
        ``police`` or ``counts``.
    document
        Further keys and tables of the file; a table's values are texts, lists of texts or tables
        of texts.
    agreed
        Name and sharing agreement.
    """
    head = [_HEAD, _first_lines(agreed, kind)]
    keys = [f"{key} = {_text(value)}" for key, value in document.items() if isinstance(value, str)]
    head[1] = head[1].replace("\n\n[agreement]", "\n" + "\n".join(keys) + "\n\n[agreement]", 1)
    tables = []
    for name, table in document.items():
        if isinstance(table, Mapping):
            tables += [f"[{name}]", *(f"{key} = {_value(v)}" for key, v in table.items()), ""]
    return "\n\n".join(part.strip("\n") for part in [*head, "\n".join(tables)]) + "\n"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_text(str(k))} = {_text(str(v))}" for k, v in value.items()) + " }"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(str(item)) for item in value) + "]"
    return _text(str(value))


def confidence_word(confidence: float) -> str:
    """``sure``, ``likely`` or ``please check``."""
    return "sure" if confidence >= SURE else "likely" if confidence >= LIKELY else "please check"


def _first_lines(agreed: Agreed, kind: str = "ed") -> str:
    reference = (
        f"reference = {_text(agreed.reference)}"
        if agreed.reference
        else '# reference = "…"   # not recorded yet: put the reference of the agreement here\n'
        "# valid_from = 2026-01-01\n# valid_to = 2027-12-31"
    )
    lines = [f"name = {_text(agreed.name)}", f"kind = {_text(kind)}"]
    lines += [f"source = {_text(agreed.source)}"] if kind == "ed" else []
    lines += [f"site_code = {_text(agreed.site_code)}"] if agreed.site_code else []
    items = ", ".join(map(_text, agreed.items))
    lines += ["", "[agreement]", reference]
    lines += [
        f"items = [{items}]   # beyond the default: age_band and sex only when named here",
        "",
    ]
    return "\n".join(lines)


def _format(layout: Layout) -> str:
    lines = ["[format]"]
    lines += [f"sheet = {_text(layout.sheet)}"] if layout.sheet else []
    if layout.date_order == "dmy":
        lines += ['# date_order = "dmy"   # judged in each file; write it here to fix it']
    else:
        lines += [f"date_order = {_text(layout.date_order)}"]
    if layout.midnight_is_missing:
        lines += ["midnight_is_missing = true   # 00:00 comes too often to be a time"]
    return "\n".join([*lines, ""])


def _columns(suggestions: Sequence[Suggestion]) -> str:
    headings: dict[str, list[Suggestion]] = {}
    for suggestion in suggestions:
        for column in suggestion.columns:
            headings.setdefault(column, []).append(suggestion)
    lines = ["[columns]"]
    for title, names in _SECTIONS:
        here = [name for name in names if name in headings]
        lines += [f"# {title}"] if here else []
        for name in here:
            found = headings[name]
            value = ", ".join(_text(s.heading) for s in found)
            value = value if len(found) == 1 else f"[{value}]"
            lines.append(f"{name} = {value}{_remark(found)}")
    return "\n".join([*lines, ""])


def _remark(found: Sequence[Suggestion]) -> str:
    word = confidence_word(min(s.confidence for s in found))
    return "" if word == "sure" else f"   # {word}"


def _left_behind(suggestions: Sequence[Suggestion], ticks: Mapping[str, Sequence[str]]) -> str:
    ticked = {heading for boxes in ticks.values() for heading in boxes}
    left = [s for s in suggestions if not s.columns and s.heading not in ticked]
    people = [s.heading for s in left if s.identifier]
    others = [s.heading for s in left if not s.identifier]
    lines = [f"# Never read, they name people or records: {_listed(people)}"] if people else []
    lines += [f"# Left behind: {_listed(others)}"] if others else []
    if people:
        lines += ["# Ask the provider to leave out the columns that name people."]
    return "\n".join([*lines, ""]) if lines else ""


def _ticks(ticks: Mapping[str, Sequence[str]]) -> str:
    if not ticks:
        return ""
    lines = ["[ticks]   # boxes to tick: a ticked one says what its heading says"]
    for column, headings in ticks.items():
        lines.append(f"{column} = [{', '.join(map(_text, headings))}]")
    return "\n".join([*lines, ""])


def _values(layout: Layout) -> str:
    values, unread = layout.values or {}, layout.unread or {}
    lines: list[str] = []
    for column in dict.fromkeys([*values, *unread]):
        lines.append(f"[values.{column}]")
        lines += [f"{_text(w)} = {_text(code)}" for w, code in values.get(column, {}).items()]
        if unread.get(column):
            lines.append(
                "# Not understood: put a code of the contract behind each, take the # away."
            )
            lines += [f'# {_text(word)} = "unknown"' for word in unread[column]]
        lines.append("")
    return "\n".join(lines)


def _listed(headings: Sequence[str]) -> str:
    """The headings whose every word is one that headings have, and how many others there are.

    A heading may name whoever made the file, and a file without headings begins with a patient;
    `profile` shows them all to the person who runs it, and this file is kept.
    """
    known = [" ".join(heading.split()) for heading in headings if is_common_heading(heading)]
    others = len(headings) - len(known)
    some = "1 column" if others == 1 else f"{others} columns"
    return ", ".join([*known, *([f"{some} of a heading not repeated here"] if others else [])])


def _text(value: str) -> str:
    """A TOML string; JSON writes the same escapes, but for a delete sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
