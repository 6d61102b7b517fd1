"""Text from data with nothing in it that a document could stumble over or be turned by."""

from __future__ import annotations

import unicodedata

# Controls, invisible marks (of direction, too), halves of surrogate pairs, and code points that
# stand for nothing: XML allows none of the first and last, and readers are misled by the others.
_LEFT_OUT = ("Cc", "Cf", "Cs", "Cn", "Co")


def plain_text(text: str) -> str:
    """The text in composed letters (NFC) on one line, with only what can be seen.

    Any white space becomes a space; controls, invisible marks, lone surrogates and unassigned code
    points are left out.
    """
    return "".join(_seen(character) for character in unicodedata.normalize("NFC", text))


def _seen(character: str) -> str:
    if character.isspace():
        return character if character == "\u00a0" else " "
    return "" if unicodedata.category(character) in _LEFT_OUT else character
