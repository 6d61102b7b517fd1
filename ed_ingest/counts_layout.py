"""Propose how a file of counts is to be read: which column is the place, the method, the month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ed_ingest.tables import RawExtract


@dataclass(frozen=True)
class CountsProposal:
    """A layout for a file of counts.

    Attributes
    ----------
    columns
        Name of schemas/assault_counts.json (also ``period``, ``latitude``, ``longitude``) ->
        header, or several headers whose words are joined: the ``[columns]`` of providers/<id>.toml.
    wide
        ``no``: a row is one count, its column is ``n``; ``method``: one column for each method;
        ``period``: one column for each month or quarter; ``method_and_period``: one for each pair.
    methods
        Header (or its part behind " / ") -> contract code of ``assault_method``, where `wide` is by
        method.
    period
        The file's only period as its titles, sheet or name say it, ``YYYY-MM-DD/YYYY-MM-DD``; None
        where a column or the headers say it, or nothing does.
    confidence
        For each name in `columns`, and for ``wide`` and ``period``: 0 to 1.
    questions
        What could not be told, in plain words without a cell's value; empty when all is known.
    """

    columns: Mapping[str, str | tuple[str, ...]]
    wide: str
    methods: Mapping[str, str]
    period: str | None
    confidence: Mapping[str, float]
    questions: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """The tables ``columns`` and ``counts`` as they stand in providers/<id>.toml."""
        raise NotImplementedError


def propose_counts(raw: RawExtract) -> CountsProposal:
    """Propose the layout of a file of counts.

    How `profile --kind counts` uses it::

        raw = read_counts_file(path)            # ed_ingest.counts_file: finds the header itself
        proposal = propose_counts(raw)
        document = {"name": ..., "kind": "counts", **proposal.document()}

    ``proposal.questions`` is empty when the file can be read with it. A period that only the titles,
    the sheet or the file's name say is not written to the provider's file: it is found again in each
    delivery. ``[counts] period`` is for files that say it nowhere.

    Parameters
    ----------
    raw
        As `read_counts_file` gives it: ``attrs["titles"]`` holds the texts above the header,
        ``attrs["sheet"]`` the sheet's name, ``attrs["file_stem"]`` the file's name.
    """
    raise NotImplementedError
