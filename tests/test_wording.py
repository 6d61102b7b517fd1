"""What is not found is never said not to have been told to the police: nobody can know that."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = re.compile(
    r"\b(?:unreported|(?:not|never|wasn['’]t|weren['’]t) (?:been )?reported"
    r"|(?:did not|didn['’]t|never) report(?:ed)?|went without a report)\b",
    re.IGNORECASE,
)
# A rule may quote what must not be said: never "unreported".
QUOTED = re.compile(r"\b(?:never|is not|nor|or) [\"“][^\"”]{0,60}[\"”]", re.IGNORECASE)
PAGES = sorted(
    [
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *(p for p in (ROOT / "hotspots" / "templates").iterdir() if p.is_file()),
    ]
)


def faults(text: str) -> list[str]:
    return FORBIDDEN.findall(QUOTED.sub("", " ".join(text.split())))


def texts_of(source: str) -> list[str]:
    """Every text of a program but the patterns that read what others wrote."""
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_says_that_an_assault_was_kept_from_the_police(path):
    assert faults(path.read_text(encoding="utf-8")) == []


def test_no_message_says_so():
    found = {
        path.name: faults(" ".join(texts_of(path.read_text(encoding="utf-8"))))
        for package in ("ed_ingest", "hotspots")
        for path in (ROOT / package).glob("*.py")
    }

    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "59% went unreported.",
        "These were not reported to the police.",
        "It has never been reported.",
        "Most victims did not report it.",
    ],
)
def test_a_forbidden_word_is_found(sentence):
    assert faults(sentence)


def test_the_rule_itself_may_be_told():
    assert not faults('"No matching police record found", never "unreported".')
