"""What is true of the made-up partnership, to hold results against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hotspots.simulated.deliveries import Delivery, Sent
from hotspots.simulated.hospitals import Extract
from hotspots.simulated.names import Words
from hotspots.simulated.network import Ints
from hotspots.simulated.police import Recorded
from hotspots.simulated.town import Town

# Columns of truth/assaults.csv that are copied from the attendances.
_COPIED = (
    "incident", "provider", "arrived_at", "setting", "place_id", "place_name", "easting",
    "northing", "lsoa", "location_type", "assault_method", "relationship", "alcohol", "drugs",
    "domestic_abuse", "gang_related", "assailants", "reported_to_police", "admitted", "age", "sex",
    "transfer",
)  # fmt: skip


def true_assaults(people: pd.DataFrame, town: Town, sent: Mapping[str, Sent]) -> pd.DataFrame:
    """One row an attendance: what happened, and where its last delivery has it.

    Returns
    -------
    pandas.DataFrame
        ``assault`` (number), ``incident, provider, attendance_number, arrived_at, ordinal`` (among
        equal arrivals, 0 first), ``file, row`` (as the spreadsheet shows it; the last delivery, the
        first of duplicates), ``assaulted_at`` (true minute), ``setting, place_id, place_name,
        easting, northing, lsoa``, the true codes, ``age, sex, transfer, known_to_police``, and of
        the wording ``said, fault, planted``.
    """
    places = town.places[["place_id", "name"]].iloc[people["place"]].reset_index(drop=True)
    made = people.assign(place_id=places["place_id"], place_name=places["name"])[list(_COPIED)]
    made.insert(0, "assault", np.arange(len(made)))
    made["assaulted_at"] = people["at"]
    made["known_to_police"] = np.where(people["known"], "yes", "no")
    written = pd.concat([_where_written(one) for one in sent.values()]).set_index("assault")
    made = made.join(written.loc[made["assault"]])
    made["ordinal"] = made.groupby(["provider", "arrived_at"]).cumcount()
    return made


def _where_written(sent: Sent) -> pd.DataFrame:
    truth = sent.extract.truth
    file = np.full(len(truth), "", dtype=object)
    row = np.full(len(truth), 0)
    for delivery in sent.deliveries:
        rows, first = np.unique(delivery.rows, return_index=True)
        file[rows] = delivery.file
        row[rows] = first + delivery.first_row
    columns = ["assault", "attendance_number", "said", "fault", "planted"]
    return truth[columns].assign(file=file, row=row)[truth["assault"] >= 0]


def true_links(assaults: pd.DataFrame, recorded: Recorded) -> pd.DataFrame:
    """One row for each attendance and crime of the same incident.

    Returns
    -------
    pandas.DataFrame
        ``assault, provider, attendance_number, arrived_at, ordinal, crime_reference,
        committed_from, easting, northing`` (as recorded), ``incident, primary`` (``yes``: this
        victim's own crime).
    """
    pairs = recorded.links
    theirs = assaults[
        ["assault", "provider", "attendance_number", "arrived_at", "ordinal", "incident"]
    ].iloc[pairs["attendance"]]
    crimes = recorded.crimes[["reference", "committed_from", "easting", "northing"]]
    ours = crimes.iloc[pairs["crime"]].rename(columns={"reference": "crime_reference"})
    both = [frame.reset_index(drop=True) for frame in (theirs, ours, pairs["primary"])]
    return pd.concat(both, axis=1)


def true_deliveries(deliveries: list[Delivery]) -> pd.DataFrame:
    """One row a file: ``provider, file, received_on, rows``."""
    return pd.DataFrame(
        {
            "provider": [d.provider for d in deliveries],
            "file": [d.file for d in deliveries],
            "received_on": [str(d.received_on) for d in deliveries],
            "rows": [len(d.rows) for d in deliveries],
        }
    )


def planted_identifiers(sent: Sent) -> Iterator[pd.DataFrame]:
    """Every identifier in one hospital's files, a table a file and kind.

    Yields
    ------
    pandas.DataFrame
        ``identifier, kind, provider, file, column, row``; row 0 is a property of the file.
    """
    for delivery in sent.deliveries:
        for column, kind in sent.extract.identifiers.items():
            values = delivery.cells[column].to_numpy(dtype=object)
            yield _planted(
                delivery, values, kind, column, np.arange(len(values)) + delivery.first_row
            )
        words = sent.extract.planted
        first = np.searchsorted(delivery.rows, words["row"])
        here = delivery.rows[first.clip(max=len(delivery.rows) - 1)] == words["row"]
        words = words[here]
        yield _planted(
            delivery,
            words["identifier"].to_numpy(dtype=object),
            words["kind"],
            words["column"],
            first[here] + delivery.first_row,
        )
        if delivery.author:
            author = np.array([delivery.author], dtype=object)
            yield _planted(delivery, author, "author", "", np.zeros(1, dtype=np.int64))


def planted_in_crimes(recorded: Recorded, deliveries: list[Delivery]) -> Iterator[pd.DataFrame]:
    """The force's references and the addresses of homes, as `planted_identifiers`."""
    extract = Extract(
        recorded.cells, pd.DataFrame(), {"Crime Reference": "crime_reference"}, recorded.planted
    )
    yield from planted_identifiers(Sent(extract, deliveries))


def _planted(
    delivery: Delivery, values: Words, kind: object, column: object, row: Ints
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "identifier": pd.Series(values, dtype=object),
            "kind": _of_all(kind, len(values)),
            "provider": _of_all(delivery.provider, len(values)),
            "file": _of_all(delivery.file, len(values)),
            "column": _of_all(column, len(values)),
            "row": row,
        }
    )
    return frame[np.asarray(values != "")]


def _of_all(value: object, n: int) -> Any:
    """One value for all rows, as a category: a million of them cost nothing."""
    if not isinstance(value, str):
        return np.asarray(value, dtype=object)
    return pd.Categorical.from_codes(np.zeros(n, dtype=int), pd.Index([value]))
