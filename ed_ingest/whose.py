"""Refuse a file that is plainly another provider's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ed_ingest.codes import normal_words
from ed_ingest.errors import FileError, OtherProviderError
from ed_ingest.layout import text_of
from ed_ingest.tables import RawExtract

# Headers of the column that says whose the rows are.
_SITE_HEADERS = frozenset(
    {
        *("procode", "pro code", "procodet", "provider code", "provider site code", "site code"),
        *("sitecode", "site code of treatment", "sitecodeoftreatment", "sitetret", "site ods code"),
        *("org code", "organisation code", "organisation code code of provider", "ods code"),
        *("organisation code provider", "der provider code", "der provider site code"),
        *("provider site", "organisation site identifier of treatment", "hospital code"),
        *("organisation site identifier", "trust code", "health board code", "providercode"),
    }
)
# Codes of the Organisation Data Service: three to nine letters and digits, such as 7A4BV or RWM.
_ODS_CODE = re.compile(r"(?=[A-Z0-9]*[A-Z])[A-Z0-9]{3,9}")
_FEWEST_HEADERS = 3


class Claimant(NamedTuple):
    """A provider by what tells its files from others: the code of its site, and its mapping."""

    id: str
    site_code: str
    columns: Mapping[str, str | tuple[str, ...]]


def refuse_another_providers(
    raw: RawExtract, provider: str, claimants: Sequence[Claimant], *, name: str
) -> None:
    """Refuse a file whose site code or headers are another provider's.

    Parameters
    ----------
    raw
        Cells as delivered.
    provider
        Id of the provider for whom it came, one of the claimants.
    claimants
        All providers of the workspace.
    name
        The file, for messages.

    Raises
    ------
    OtherProviderError
        If a column of site codes holds the code of another provider, or the headers do not fit this
        provider's mapping and fit another's exactly. Names the other provider, no cell.
    FileError
        If a column of site codes holds not the code recorded for this provider.
    """
    own = next((c for c in claimants if c.id == provider), None)
    if own is None:
        return
    others = [c for c in claimants if c.id != provider]
    _refuse_code(raw, own, others, name)
    _refuse_headers(raw, own, others, name)


def _refuse_code(raw: RawExtract, own: Claimant, others: Sequence[Claimant], name: str) -> None:
    codes = _site_codes(raw)
    if not codes or (own.site_code and any(_same_site(c, own.site_code) for c in codes)):
        return
    for other in others:
        if other.site_code and any(_same_site(c, other.site_code) for c in codes):
            raise _others(
                f"{name}: the site code in it is that of provider {other.id}.",
                other.id,
                f"site_code in providers/{own.id}.toml",
            )
    if own.site_code:
        raise FileError(
            f"{name}: the site code in it is not the one recorded for provider {own.id}. Check "
            f"whose file it is, or correct site_code in providers/{own.id}.toml."
        )


def _refuse_headers(raw: RawExtract, own: Claimant, others: Sequence[Claimant], name: str) -> None:
    found = {_plain(str(header)) for header in raw.columns}
    if _mapped_headers(own) <= found:
        return
    for other in others:
        wanted = _mapped_headers(other)
        if len(wanted) >= _FEWEST_HEADERS and wanted <= found:
            raise _others(
                f"{name}: its headers are not those of provider {own.id}, and fit provider "
                f"{other.id} exactly.",
                other.id,
                f"[columns] in providers/{own.id}.toml",
            )


def _others(found: str, other: str, setting: str) -> OtherProviderError:
    return OtherProviderError(
        found,
        named=f"Correct --provider, or {setting}.",
        dropped=f"Move it to inbox/{other}, or delete it; or correct {setting}.",
    )


def _mapped_headers(claimant: Claimant) -> set[str]:
    given = [(h,) if isinstance(h, str) else tuple(h) for h in claimant.columns.values()]
    return {_plain(header) for headers in given for header in headers}


def _site_codes(raw: RawExtract) -> set[str]:
    """Codes in the columns of site codes, upper case; none where a column holds other things."""
    codes: set[str] = set()
    for header in raw.columns:
        if normal_words(str(header)) in _SITE_HEADERS:
            texts = text_of(raw, str(header)).dropna().str.upper().str.strip()
            found = set(texts.unique())
            if all(_ODS_CODE.fullmatch(code) for code in found):
                codes |= found
    return codes


def _same_site(one: str, other: str) -> bool:
    """Whether two codes are of one site; a trust's code begins those of its sites."""
    long, short = sorted((one.upper(), other.strip().upper()), key=len, reverse=True)
    return long == short or (len(short) >= 3 and long.startswith(short))


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()
