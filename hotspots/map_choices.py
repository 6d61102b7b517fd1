"""What a reader of the tasking map may choose: a theme, a night of the week and a band."""

from __future__ import annotations

from hotspots.map_layers import density_picture
from hotspots.publishable import Publishable, PublishableTheme
from hotspots.words import BANDS, NIGHTS, band_words, count_words, heat_rows, is_missing

# With all assaults: what one file holds and every machine draws at once.
MOST_SURFACES = 12
NOT_SHOWN = "–"


def map_choices(publishable: Publishable, ranks: dict[str, int]) -> dict[str, object]:
    """The figures behind the choices, for the page's script.

    Parameters
    ----------
    publishable
        Findings after gate 2.
    ranks
        Rank of each hot spot on the map by its id.

    Returns
    -------
    dict
        ``nights, bands`` (names), ``times_words`` (of both together); ``themes``: those of
        `offered_themes`, each with ``title, words, picture`` (``uri, bounds``; null without),
        ``nights`` (rows of ``text, shade``) and ``n`` (text by
        rank); ``times``: ``rank, night, band, n`` (text) where enough is known.
    """
    return {
        "nights": list(NIGHTS),
        "bands": list(BANDS),
        "times_words": [
            [band_words(night, band) for band in range(len(BANDS))] for night in range(len(NIGHTS))
        ],
        "themes": [_theme(theme, ranks) for theme in offered_themes(publishable)],
        "times": _times(publishable, ranks),
    }


def offered_themes(publishable: Publishable) -> list[PublishableTheme]:
    """The themes of the switch, in the order of the settings, as many as one file may hold."""
    offered, surfaces = [], 1
    for theme in publishable.themes:
        surfaces += theme.density is not None
        if surfaces <= MOST_SURFACES:
            offered.append(theme)
    return offered


def _theme(theme: PublishableTheme, ranks: dict[str, int]) -> dict[str, object]:
    picture = density_picture(theme.density) if theme.density is not None else None
    spots = zip(theme.by_hot_spot["hotspot_id"], theme.by_hot_spot["n"], strict=True)
    n = {ranks[spot]: n for spot, n in spots if spot in ranks}
    return {
        "title": theme.title,
        "words": _words(theme),
        "picture": picture and {"uri": picture.data_uri, "bounds": picture.bounds},
        "nights": [row["cells"] for row in heat_rows(theme.night_bands)],
        "n": {rank: NOT_SHOWN if is_missing(n.get(rank)) else count_words(n[rank]) for rank in n},
    }


def _words(theme: PublishableTheme) -> str:
    if theme.n_recorded is None:
        return f"{theme.title}: {theme.note}"
    counted = f"{theme.title}: {count_words(theme.n_recorded)} assaults"
    if theme.n_mapped is not None:
        counted += f", {count_words(theme.n_mapped)} of them on the map"
    elif not theme.note:
        counted += ", too few of them on the map to show"
    return f"{counted}. {theme.note}".strip()


def _times(publishable: Publishable, ranks: dict[str, int]) -> list[list[object]]:
    bands = publishable.hot_spot_bands
    if bands is None:
        return []
    return [
        [ranks[row["hotspot_id"]], int(row["night"]), int(row["band"]), count_words(row["n"])]
        for row in bands.to_dict("records")
        if row["hotspot_id"] in ranks
    ]
