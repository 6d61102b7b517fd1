"""Write the list of messages into docs/troubleshooting.md. Run: python docs/list_messages.py.

The messages are collected from the source, never by hand: what the program may say is what stands
in `raise`, in the checks of `doctor`, in notices and in the rules of rows. What is filled in at run
time is shown as ….
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "troubleshooting.md"
PACKAGES = ("ed_ingest", "hotspots")
GAP = "…"
# In the order of the page; the headings stand there, with advice for each. AlreadyTakenError is not
# among them: nobody is told it, the delivery becomes a duplicate.
ERRORS = (
    "FileError",
    "MappingError",
    "OtherProviderError",
    "AgreementError",
    "SettingsError",
    "ReferenceDataError",
    "WorkspaceError",
    "StoreError",
    "LeaseError",
    "AnalysisError",
    "CirculationError",
    "EdHotspotsError",
)
GROUPS = (*ERRORS, "rows", "doctor", "notices")
# Where the texts of a call stand: positions, and names of keywords.
_ROWS = ("rule", "remedy")
_FEWEST_LETTERS = 8


class Message(NamedTuple):
    """What may be told: the group of the page, the sentence, and the module that says it."""

    group: str
    sentence: str
    module: str


def collect(root: Path = ROOT) -> list[Message]:
    """Every message of the source, each sentence once a group, in order of module and line."""
    found = [message for path in _sources(root) for message in _of_module(path, root)]
    seen: dict[tuple[str, str], Message] = {}
    for message in found:
        seen.setdefault(message[:2], message)
    return list(seen.values())


def table(messages: list[Message], group: str) -> str:
    """The messages of a group as a Markdown table, by their first fixed words."""
    own = sorted((m for m in messages if m.group == group), key=lambda m: _sort_key(m.sentence))
    rows = [f"| {_cell(m.sentence)} | `{m.module}` |" for m in own]
    return "\n".join(["| message | said by |", "|---|---|", *rows])


def renewed(text: str, messages: list[Message]) -> str:
    """The page with the lists between their markers made anew."""
    for group in GROUPS:
        begin, end = f"<!-- messages: {group} -->", f"<!-- end of {group} -->"
        before, rest = text.split(begin)
        _, after = rest.split(end)
        text = f"{before}{begin}\n\n{table(messages, group)}\n\n{end}{after}"
    return text


def _sources(root: Path) -> list[Path]:
    return [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]


def _of_module(path: Path, root: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {**_functions(tree), **_constants(tree)}
    module = path.relative_to(root).as_posix()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for group, sentence in _told(node, names, path):
                if len(re.sub(r"[^A-Za-z]", "", sentence)) >= _FEWEST_LETTERS:
                    yield Message(group, " ".join(sentence.split()), module)


def _told(call: ast.Call, names: dict[str, str], path: Path) -> Iterator[tuple[str, str]]:
    called = ast.unparse(call.func).split(".")[-1]
    keywords = {k.arg: k.value for k in call.keywords if k.arg}
    if called in ERRORS:
        parts = [*call.args[:1], *keywords.values()] if called == ERRORS[2] else call.args[:1]
        for part in parts:
            yield called, _text(part, names)
    elif called in ("warning", "fault") and path.name.startswith("check_"):
        yield "doctor", " ".join(_text(part, names) for part in call.args[1:3])
    elif called == "Notice":
        yield "notices", " ".join(_text(part, names) for part in call.args[3:5])
    elif {*_ROWS} <= {*keywords} and called != "IssueKind":
        rule, remedy = (_text(keywords[name], names) for name in _ROWS)
        yield "rows", f"expected {rule}. {remedy}"


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that the module names once, at its top."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _functions(tree: ast.Module) -> dict[str, str]:
    """Texts that the module's functions return; a message may be made by one."""
    return {
        f"{node.name}()": " / ".join(
            _text(each.value, {})
            for each in ast.walk(node)
            if isinstance(each, ast.Return) and each.value is not None
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def _text(node: ast.expr, names: dict[str, str]) -> str:
    """The fixed words of an expression; a gap for what is known at run time alone."""
    match node:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, names) for part in parts)
        case ast.FormattedValue(value=ast.Name(id=name)) | ast.Name(id=name) if name in names:
            return names[name]
        case (
            ast.FormattedValue(value=ast.Call(func=ast.Name(id=name)))
            | ast.Call(func=ast.Name(id=name))
        ) if f"{name}()" in names:
            return names[f"{name}()"]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left, names) + _text(right, names)
        case ast.BinOp(left=left, op=ast.Mult()):
            return _text(left, names)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{_text(body, names)} / {_text(orelse, names)}"
    return GAP


def _sort_key(sentence: str) -> str:
    return re.sub(r"^[^A-Za-z\[]*(?:…[^A-Za-z\[]*)*", "", sentence).lower()


def _cell(sentence: str) -> str:
    """Words of a program as words of a table: no character of theirs is Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", sentence)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), collect()), encoding="utf-8")
