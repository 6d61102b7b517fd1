"""The public names as the code has them now: told for the document and for the snapshot.

``python -m tests.public_names`` writes both anew. What a change of them needs, the test says.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import ed_ingest
import hotspots
from hotspots.simulate import simulate

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "python-api.md"
SNAPSHOT = ROOT / "tests" / "data" / "public_names.txt"
TABLE_HEAD = "| name | gives | what it does |\n|---|---|---|\n"
LONGEST_DEFAULT = 20


def public_values() -> dict[str, object]:
    """Every public name, with its package, and what it stands for."""
    packages: tuple[ModuleType, ...] = (ed_ingest, hotspots)
    found = {
        f"{package.__name__}.{name}": getattr(package, name)
        for package in packages
        for name in package.__all__
        if name != "__version__"
    }
    # Its module has its name, so that the package cannot give it.
    return {**found, "hotspots.simulate.simulate": simulate}


def functions() -> dict[str, object]:
    return {name: value for name, value in public_values().items() if inspect.isfunction(value)}


def parameters(function: object) -> str:
    """Names and defaults of the parameters, as one writes them; types are left out."""
    signature = inspect.signature(function)
    parts, keywords = [], False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keywords:
            parts.append("*")
            keywords = True
        parts.append(parameter.name + _default(parameter.default))
    return f"({', '.join(parts)})"


def _default(value: object) -> str:
    if value is inspect.Parameter.empty:
        return ""
    told = repr(value).replace("'", '"')
    return f"={told if len(told) <= LONGEST_DEFAULT else '…'}"


def told(name: str, value: object) -> str:
    """One line of the snapshot: a function's call and what it gives, a table's fields, an error."""
    if inspect.isfunction(value):
        return f"{name}{parameters(value)} -> {gives(value)}"
    if dataclasses.is_dataclass(value):
        return f"{name}: {', '.join(field.name for field in dataclasses.fields(value))}"
    if isinstance(value, type) and issubclass(value, Exception):
        return f"{name}: exit_code {value.exit_code}"
    return name


def gives(function: object) -> str:
    result = str(inspect.signature(function).return_annotation)
    plain = {"Iterator[Store]": "with block of Store", "Ints": "array", "Links": "DataFrame"}
    return plain.get(result, result.replace("pd.", ""))


def snapshot() -> str:
    return "".join(f"{told(n, v)}\n" for n, v in sorted(public_values().items()))


def rows() -> Iterator[str]:
    """Rows of the document's table."""
    for name, value in public_values().items():
        first = (
            (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        )
        if inspect.isfunction(value):
            result = gives(value).replace("|", "or")
            yield f"| `{name}{parameters(value)}` | `{result}` | {first} |\n"
        elif name == "hotspots.Grid":
            yield f"| `{name}` |  | A DataFrame, one row per cell, as `make_grid` makes it. |\n"
        else:
            yield f"| `{name}` |  | {first} |\n"


def table() -> str:
    return TABLE_HEAD + "".join(rows())


def written(page: str) -> str:
    """The table as the page has it."""
    found = re.search(re.escape(TABLE_HEAD) + r"(?:\|.*\n)*", page)
    return found[0] if found else ""


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(written(page), table()), encoding="utf-8")
