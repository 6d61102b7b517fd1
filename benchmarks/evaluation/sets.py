"""Where the labelled texts and the real gazetteer are, and how they are read.

The gazetteer and the examples are real open data from outside the project: they lie in
``../shared/examples`` beside it, or where the environment variable ED_HOTSPOTS_CARDIFF points (the
gazetteer's file, or the folder that holds it).
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pandas as pd
from pyproj import Transformer

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "tests" / "corpus"
SETS = ("tune", "aside", "examples")
SHOWN = ("tune", "examples")  # of the set kept aside only figures are ever printed
NO_GAZETTEER = (
    "Skipped: no Cardiff gazetteer at ../shared/examples/places/places.csv; "
    "set ED_HOTSPOTS_CARDIFF to the file."
)
_PUBS = Path("data") / "fhrs-wales" / "uk_pubs_bars_nightclubs_fhrs_2020-08.csv.gz"


def cardiff_gazetteer() -> Path | None:
    """Path of the gazetteer of real Cardiff places; None where it is absent."""
    named = os.environ.get("ED_HOTSPOTS_CARDIFF")
    path = Path(named) if named else PROJECT.parent / "shared/examples/places/places.csv"
    path = path / "places.csv" if path.is_dir() else path
    return path.resolve() if path.is_file() else None


def labelled_texts(subject: str, gazetteer: Path) -> pd.DataFrame:
    """Read every labelled text of a subject, ``privacy`` or ``places``.

    Returns
    -------
    DataFrame
        Columns as delivered, all text, none missing; ``set`` is one of `SETS`. Ids are unique
        within a set only. Sets that are absent have no rows.
    """
    parts = []
    corpus = CORPUS / f"{subject}.csv"
    if corpus.is_file():
        parts.append(_read(corpus))
    examples = gazetteer.parents[1] / subject / "texts.csv"
    if examples.is_file():
        parts.append(_read(examples).assign(set="examples"))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"set": [], "text": []})


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def sets_of(table: pd.DataFrame) -> list[str]:
    """Names of the sets that are there, in the order of printing."""
    return [name for name in SETS if (table["set"] == name).any()]


def large_gazetteer(cardiff: Path, n: int) -> tuple[pd.DataFrame, str]:
    """Make a gazetteer of `n` rows in the contract's form: Cardiff's places first, then others.

    Returns
    -------
    tuple
        The table, and where the others come from.
    """
    own = _read(cardiff)
    roots = (PROJECT.parent / "shared", cardiff.parents[2])
    pubs = next((root / _PUBS for root in roots if (root / _PUBS).is_file()), None)
    if pubs is not None:
        others, origin = _uk_pubs(pubs), "Cardiff's places and UK pubs"
    else:
        others, origin = _made_up_pubs(n), "Cardiff's places and simulated names"
    return pd.concat([own, others], ignore_index=True).head(n), origin


def _uk_pubs(path: Path) -> pd.DataFrame:
    """The Food Standards Agency's pubs, bars and nightclubs that have coordinates."""
    table = _read(path)
    table = table[(table["Longitude"] != "") & (table["BusinessName"] != "")]
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    x, y = to_grid.transform(table["Longitude"].astype(float), table["Latitude"].astype(float))
    lines = table[[f"AddressLine{i}" for i in range(1, 5)]]
    return pd.DataFrame(
        {
            "place_id": "UK" + table["FHRSID"],
            "name": table["BusinessName"],
            "alt_names": "",
            "kind": "premises",
            "easting": pd.Series(x).round().astype(int).astype(str).to_numpy(),
            "northing": pd.Series(y).round().astype(int).astype(str).to_numpy(),
            "address": [", ".join(filter(None, row)) for row in lines.itertuples(index=False)],
            "postcode": table["PostCode"],
        }
    )


_COLOURS = (
    "Red", "White", "Black", "Golden", "Green", "Old", "Blue", "Silver", "Royal", "Three", "Five",
    "Flying", "Merry", "Copper",
)  # fmt: skip
_SIGNS = (
    "Lion", "Hart", "Swan", "Crown", "Bell", "Plough", "Anchor", "Oak", "Horse", "Fox", "Ship",
    "Star", "Castle", "Bear", "Stag", "Mermaid", "Wheatsheaf", "Dragon", "Falcon", "Barrel",
)  # fmt: skip
_TYPES = (
    "Inn", "Arms", "Tavern", "Hotel", "Bar", "Club",
)  # fmt: skip
_STREETS = (
    "High", "Mill", "Church", "Station", "Bridge", "Market", "Castle", "Queen", "King", "Park",
    "Victoria", "Albert",
)  # fmt: skip


def _made_up_pubs(n: int) -> pd.DataFrame:
    chance = random.Random(1)  # noqa: S311 - made-up data
    words = (_COLOURS, _SIGNS, _TYPES)
    return pd.DataFrame(
        {
            "place_id": [f"X{i}" for i in range(n)],
            "name": [" ".join(chance.choice(w) for w in words) for _ in range(n)],
            "alt_names": "",
            "kind": "premises",
            "easting": [str(chance.randrange(200_000, 600_000)) for _ in range(n)],
            "northing": [str(chance.randrange(100_000, 500_000)) for _ in range(n)],
            "address": [
                f"{chance.randrange(1, 99)} {chance.choice(_STREETS)} Street" for _ in range(n)
            ],
            "postcode": "",
        }
    )
