"""Made-up extracts become stored records as taking them in would make them, without a store.

The cells go through the very stages of journey 1: what is understood of times, words and places,
and what is not, is what `ed-hotspots ingest` would understand. A hospital's year is one file here,
so that the stages run once; a duplicate and a correction would have ended as one record all the
same.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ed_ingest.crimes import read_crimes
from ed_ingest.deidentify import redact_words, seal
from ed_ingest.incidents import flag_transfers, group_incidents
from ed_ingest.layout import apply_mapping
from ed_ingest.linkable import false_places
from ed_ingest.linkage import link_all, link_status
from ed_ingest.normalise import normalise_attendances
from ed_ingest.place_names import names_of_places
from ed_ingest.places import locate
from ed_ingest.providers import load_provider
from ed_ingest.read import read_extract
from ed_ingest.schema import load_spec
from ed_ingest.tables import Gazetteer
from ed_ingest.validate import validate
from hotspots.simulated.deliveries import Delivery, Sent
from hotspots.simulated.town import Town
from hotspots.simulated.workspace_files import (
    PLACE_COLUMNS,
    write_deliveries,
    write_providers,
)

FORCE = "wexshire-police"


class Taken(NamedTuple):
    """Records as a linked store holds them, and which row of the truth each is.

    ``assaults, crimes, links``: the contract's columns; ``provider`` is the extract's layout and
    ``batch_id`` is empty until both are named. ``attendance`` and ``crime``: on the rows of the
    first two, the position among all attendances and among the force's crimes.
    """

    assaults: pd.DataFrame
    crimes: pd.DataFrame
    links: pd.DataFrame
    attendance: np.ndarray
    crime: np.ndarray


def gazetteer_of_town(town: Town) -> Gazetteer:
    """What the town's reference folder would hold."""
    texts = {c: "str" for c in PLACE_COLUMNS if c not in ("easting", "northing")}
    places = town.places[PLACE_COLUMNS].astype(texts)
    postcodes = town.postcodes.assign(postcode=town.postcodes["postcode"].str.replace(" ", ""))
    return Gazetteer(
        places=places,
        names=names_of_places(places),
        postcodes=postcodes.astype({"postcode": "str"}),
        boundary=town.boundary,
        areas=town.areas,
        basemap=town.basemap,
    )


def take_in(sent: dict[str, Sent], force: Delivery, *, places: Gazetteer, key: bytes) -> Taken:
    """Read the files of one town's hospitals and of its force; nothing is linked yet.

    Parameters
    ----------
    sent
        Layout -> its extract, in one file.
    force
        The force's file.
    places
        The town's known places.
    key
        For the opaque ids; unlike for each town, whose hospitals number alike.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "providers").mkdir()
        write_providers(root)
        files = [one.deliveries[0] for one in sent.values()]
        write_deliveries(root, [*files, force])
        parts, rows = [], []
        for one in sent.values():
            delivery = one.deliveries[0]
            stored = _attendances(root, delivery, places=places, key=key)
            at = stored.index.to_numpy() - delivery.first_row
            parts.append(stored)
            rows.append(one.extract.truth["assault"].to_numpy()[at])
        crimes = _crimes(root, force, places=places, key=key)
    return Taken(
        pd.concat(parts, ignore_index=True),
        crimes.reset_index(drop=True),
        pd.DataFrame(),
        np.concatenate(rows),
        crimes.index.to_numpy() - force.first_row,
    )


def linked(taken: Taken, places: Gazetteer, *, threshold: float = 0.5) -> Taken:
    """Group and link the records of one town, as `ed_ingest.linking` does with a store's."""
    assaults, crimes = taken.assaults.copy(), taken.crimes
    defaults = false_places(places.places)
    assaults["incident_id"] = group_incidents(assaults)
    assaults["transfer"] = flag_transfers(assaults)
    links = link_all(assaults, crimes, threshold=threshold, false_places=defaults).links
    assaults["link_status"] = link_status(
        assaults, links, threshold=threshold, false_places=defaults, crimes=crimes
    )
    return taken._replace(assaults=assaults, links=links)


def _attendances(root: Path, delivery: Delivery, *, places: Gazetteer, key: bytes) -> pd.DataFrame:
    """As `ed_ingest.pipeline` takes attendances through its stages."""
    provider, spec = load_provider(root, delivery.provider), load_spec("ed_assault")
    raw = read_extract(
        root / "inbox" / delivery.provider / delivery.file,
        sheet=provider.format.sheet,
        header_row=provider.format.header_row,
    )
    mapped = apply_mapping(raw, provider.columns, where=delivery.file, ticks=provider.ticks)
    normalised = normalise_attendances(
        mapped,
        values=provider.values,
        date_order=provider.format.date_order,
        midnight_is_missing=provider.format.midnight_is_missing,
    )
    checked = validate(normalised, spec, received_on=pd.Timestamp(delivery.received_on).date())
    redacted = redact_words(checked.attendances, spec, places=places)
    return seal(
        locate(redacted, gazetteer=places),
        spec,
        key=key,
        provider=provider.id,
        source=provider.source,
        batch_id="",
        agreed=provider.agreed,
        lsoa_of_homes=provider.agreement.lsoa_of_homes,
    )


def _crimes(root: Path, delivery: Delivery, *, places: Gazetteer, key: bytes) -> pd.DataFrame:
    """As `ed_ingest.pipeline` takes police recorded crimes through its stages."""
    provider = load_provider(root, delivery.provider)
    raw = read_extract(root / "inbox" / delivery.provider / delivery.file)
    mapped = apply_mapping(raw, provider.columns, where=delivery.file)
    return read_crimes(
        mapped,
        load_spec("police_crime"),
        key=key,
        provider=provider.id,
        batch_id="",
        places=places,
        values=provider.values,
        date_order=provider.format.date_order,
        agreed=provider.agreed,
    ).crimes
