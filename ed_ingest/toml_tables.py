"""Tables of TOML that people edit: read, laid over each other, every problem told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ed_ingest.errors import SettingsError

PROVIDER_ID = r"[a-z0-9][a-z0-9_-]{0,40}"
Identifier = Annotated[str, Field(pattern=f"^{PROVIDER_ID}$")]

_T = TypeVar("_T", bound=BaseModel)


class Table(BaseModel):
    """A table with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of TOML.

    Raises
    ------
    SettingsError
        If it is not valid.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: not valid TOML ({error}). Correct that line.") from None


def merged_tables(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two levels of tables; what stands in `above` wins."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = {**merged[key], **value} if both else value
    return merged


def checked(model: type[_T], document: Mapping[str, Any], where: str) -> _T:
    """Check a document against a model.

    Raises
    ------
    SettingsError
        If anything is wrong; the message names `where` and lists every problem, without any value.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'])}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise SettingsError(f"{where}: {problems}. Correct these and try again.") from None
