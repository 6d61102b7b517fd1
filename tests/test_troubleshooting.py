"""Every message that the program may say stands in docs/troubleshooting.md."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from ed_ingest import errors

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "troubleshooting.md"
_SPEC = importlib.util.spec_from_file_location("list_messages", ROOT / "docs" / "list_messages.py")
list_messages = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(list_messages)


@pytest.fixture(scope="module")
def messages():
    return list_messages.collect()


def test_the_page_is_current(messages):
    text = PAGE.read_text(encoding="utf-8")
    assert text == list_messages.renewed(text, messages), "run: python docs/list_messages.py"


def test_every_class_of_error_has_its_list():
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.EdHotspotsError)
    }
    assert classes - {"AlreadyTakenError"} == set(list_messages.ERRORS)


def test_no_list_is_empty(messages):
    assert {m.group for m in messages} == set(list_messages.GROUPS)


def test_every_error_raised_in_words_is_collected(messages):
    """Another way to look: each text of eight letters or more in an error's call is on the page."""
    page = re.sub(r"\\([\W_])", r"\1", PAGE.read_text(encoding="utf-8"))
    called = re.compile(rf"\b(?:{'|'.join(list_messages.ERRORS)})\(\s*f?\"([^\"{{}}\\]{{8,}})\"")
    missing = [
        found
        for package in ("ed_ingest", "hotspots")
        for path in (ROOT / package).rglob("*.py")
        for found in called.findall(path.read_text(encoding="utf-8"))
        if " ".join(found.split()) not in page
    ]
    assert missing == []


def test_a_message_is_made_of_its_fixed_words(tmp_path):
    (tmp_path / "ed_ingest").mkdir()
    (tmp_path / "ed_ingest" / "x.py").write_text(
        'DO = "Close it."\n'
        "def _why(n):\n"
        "    return f'{n} files are open.'\n"
        "def f(name):\n"
        "    raise FileError(f'{name}: cannot be written. {DO}')\n"
        "def g(n):\n"
        "    raise StoreError(_why(n))\n",
        encoding="utf-8",
    )
    found = [(m.group, m.sentence, m.module) for m in list_messages.collect(tmp_path)]

    assert found == [
        ("FileError", "…: cannot be written. Close it.", "ed_ingest/x.py"),
        ("StoreError", "… files are open.", "ed_ingest/x.py"),
    ]
