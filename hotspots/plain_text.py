"""Text from data with nothing in it that a document could stumble over or be turned by."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

# Controls, invisible marks (of direction, too), halves of surrogate pairs, and code points that
# stand for nothing: XML allows none of the first and last, and readers are misled by the others.
_LEFT_OUT = ("Cc", "Cf", "Cs", "Cn", "Co")


def plain_text(text: str) -> str:
    """The text in composed letters (NFC) on one line, with only what can be seen.

    Any white space becomes a space; controls, invisible marks, lone surrogates and unassigned code
    points are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_seen(character) for character in unicodedata.normalize("NFC", text))


def plain_texts(value: object) -> object:
    """The same value with every text in it plain, however deep in mappings, lists and tuples."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Mapping):
        return {key: plain_texts(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_texts(inner) for inner in value]
    return value


def plain_json(value: object) -> str:
    """JSON to be read by people and machines: what cannot be seen stands in it as an escape.

    Nothing is lost: it reads back as it was.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return re.sub(r"[^ -~\n]", lambda found: _escaped(found[0]), text)


def _seen(character: str) -> str:
    if character.isspace():
        return character if character == "\u00a0" else " "
    return "" if unicodedata.category(character) in _LEFT_OUT else character


def _escaped(character: str) -> str:
    unseen = unicodedata.category(character) in (*_LEFT_OUT, "Zl", "Zp")
    return json.dumps(character)[1:-1] if unseen else character
