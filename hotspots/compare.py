"""Where hospitals see more, in proportion, than the police record; and where less."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import AnalysisError
from hotspots.density import incident_support, kernel_density
from hotspots.dispersion import dispersion_of_places
from hotspots.points import crime_points
from hotspots.police import Violence
from hotspots.tables import Grid, Surface

CLEAR = 0.05
# Scores as close as this are the same one, added up in another order.
SAME = 1e-9

# Side of the squares in which clumps of incidents are looked for.
SQUARE_OF_BANDWIDTH = 0.5

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class RelativeRisk(NamedTuple):
    """Hospital assaults to police violence at each cell; rows from south to north.

    ``ratio``: density of hospital incidents as a share of all of them to that of the police's, 1
    where both hold the same part of their whole (infinite where the police have none in reach).
    ``p_value``: how often labels dealt out anew are as far from 1 at this very cell;
    ``p_adjusted``: how often they are so anywhere on the map. All NaN outside the boundary and
    where too few incidents lie in reach. ``x, y`` (cell centres), ``cell_m``: metres, EPSG:27700.
    """

    ratio: Floats
    p_value: Floats
    p_adjusted: Floats
    x: Floats
    y: Floats
    cell_m: float
    n_hospital: int
    n_police: int


def relative_risk(
    points: pd.DataFrame,
    violence: Violence,
    *,
    grid: Grid,
    bandwidth_m: float,
    boundary: BaseGeometry | None = None,
    least: int = 10,
    permutations: int = 999,
    seed: int = 1,
) -> RelativeRisk:
    """Estimate the relative risk of two sources, and where it is more than chance.

    The ratio of two kernel densities of one bandwidth (Kelsall and Diggle 1995, DOI
    10.1002/sim.4780142106); what both lose at an edge cancels. Under no difference each incident
    could as well have come from the other source: the labels are dealt out anew over the places.
    Each cell's hospital density is compared with its mean and standard deviation over all such
    deals, which are known exactly; the largest score of the map in each deal gives the adjusted p
    (Westfall and Young 1993), so that at most 5 % of maps without any difference show a contour.

    Two things would break this. Patients of one incident that are not known as one lie together and
    all bear one label: the scores seen are divided by the root of the dispersion of incidents from
    night to night. And hospitals tell the street or the place, the police the very point: each
    record's kernel is widened by its own uncertainty, as for any density.

    Parameters
    ----------
    points
        As from `points.assault_points`, of assaults that are not marked domestic and of whole
        months; patients of one incident count once.
    violence
        The force's own records, as from `police.comparable_violence` for the same nights. Keep to
        nights of months that both sources delivered whole.
    grid, boundary
        As for `kernel_density`.
    bandwidth_m
        Radius of the quartic kernel, metres; at least the greatest uncertainty of the places.
    least
        Fewest incidents of both sources within the bandwidth of a cell.
    permutations
        Deals, at least 99.
    seed
        The same one gives the same figures, for any order of the records.

    Raises
    ------
    AnalysisError
        If the police figures are police.uk's, a source has no incident with a point, or there are
        too few permutations.
    """
    if permutations < 99:
        raise AnalysisError("Deal the labels out at least 99 times: set permutations so.")
    pooled = pooled_incidents(points, violence)
    x, y = pooled["easting"].to_numpy(float), pooled["northing"].to_numpy(float)
    is_hospital = pooled["is_hospital"].to_numpy(bool)
    uncertainty_m = pooled["uncertainty_m"].to_numpy(float)
    whole = kernel_density(
        x, y, grid=grid, bandwidth_m=bandwidth_m, uncertainty_m=uncertainty_m, boundary=boundary,
        standard_error=True,
    )  # fmt: skip
    support = incident_support(x, y, np.arange(len(x)), grid=grid, bandwidth_m=bandwidth_m)
    tested = (support >= least) & np.isfinite(_values(whole))
    total = _values(whole)[tested]
    part = float(is_hospital.mean())
    spread = _spread_of_deals(whole, tested, n=len(x), part=part)

    def hospital_density(chosen: Flags) -> Floats:
        surface = kernel_density(
            x[chosen], y[chosen], grid=grid, bandwidth_m=bandwidth_m,
            uncertainty_m=uncertainty_m[chosen],
        )  # fmt: skip
        return _values(surface)[tested]

    def score(density: Floats) -> Floats:
        apart = np.abs(density - part * total)
        return np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)

    hospital = hospital_density(is_hospital)
    seen = score(hospital) / np.sqrt(_clumping(pooled, bandwidth_m, grid, tested)) - SAME
    here, anywhere = np.ones(len(seen)), np.ones(len(seen))
    rng = np.random.default_rng(seed)
    for _ in range(permutations):
        dealt = score(hospital_density(rng.permutation(is_hospital)))
        here += dealt >= seen
        anywhere += dealt.max(initial=0.0) >= seen
    police = np.maximum(total - hospital, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (hospital / part) / (police / (1 - part))
    return RelativeRisk(
        _layer(ratio, tested),
        _layer(here / (permutations + 1), tested),
        _layer(anywhere / (permutations + 1), tested),
        whole.x,
        whole.y,
        whole.cell_m,
        int(is_hospital.sum()),
        int((~is_hospital).sum()),
    )


def tolerance_contours(risk: RelativeRisk, *, level: float = CLEAR) -> gpd.GeoDataFrame:
    """Outline where the sources differ by more than chance, allowing for all cells looked at.

    Parameters
    ----------
    risk
        As from `relative_risk`.
    level
        Greatest adjusted p, 0 to 1.

    Returns
    -------
    GeoDataFrame
        One row per contour, from the south-west: ``more`` (``hospitals`` or ``police``: which sees
        more in proportion), ``p_adjusted`` (least in it), ``geometry`` (whole cells, EPSG:27700).
    """
    rows = []
    for more, side in (("hospitals", risk.ratio > 1), ("police", risk.ratio < 1)):
        row, column = np.nonzero((risk.p_adjusted <= level) & side)
        west = risk.x[column] - risk.cell_m / 2
        south = risk.y[row] - risk.cell_m / 2
        cells = shapely.box(west, south, west + risk.cell_m, south + risk.cell_m)
        parts = shapely.get_parts(shapely.union_all(cells))
        for part in sorted(parts, key=lambda each: each.bounds):
            within = shapely.intersects_xy(part, risk.x[column], risk.y[row])
            rows.append((more, float(risk.p_adjusted[row, column][within].min()), part))
    table = pd.DataFrame(rows, columns=["more", "p_adjusted", "geometry"])
    return gpd.GeoDataFrame(
        table.astype({"more": "str", "p_adjusted": float}), geometry="geometry", crs="EPSG:27700"
    )


def pooled_incidents(points: pd.DataFrame, violence: Violence) -> pd.DataFrame:
    """Pool the incidents of both: ``easting, northing, uncertainty_m, night, is_hospital``.

    In an order of their own: the same for any order of the records. Arguments and errors are those
    of `relative_risk`.
    """
    if violence.is_snapped:
        raise AnalysisError(
            "police.uk's category cannot be set beside hospital assaults at points: it includes "
            "violence at home and without injury. Give the force's own records."
        )
    # The best known place of an incident stands for it.
    where = ["uncertainty_m", "northing", "easting", "night"]
    hospital = points.sort_values(where).drop_duplicates("incident")[where]
    police = crime_points(violence.crimes)[where]
    if hospital.empty or police.empty:
        raise AnalysisError("Both hospitals and police need an incident with a point. Check both.")
    both = pd.concat([hospital.assign(is_hospital=True), police.assign(is_hospital=False)])
    return both.sort_values([*where, "is_hospital"], ignore_index=True)


def _clumping(pooled: pd.DataFrame, bandwidth_m: float, grid: Grid, tested: Flags) -> Floats:
    """How many times the variance of each tested cell's score is that of independent incidents.

    The difference of two shares varies by the dispersion of each source times the other's part.
    That of a source at a cell is the mean over its incidents in reach, each with the dispersion of
    its own square: one brawl counts for the ground about it, not for the town.
    """
    side = bandwidth_m * SQUARE_OF_BANDWIDTH
    square = pooled.groupby([pooled["easting"] // side, pooled["northing"] // side]).ngroup()
    part = float(pooled["is_hospital"].mean())
    found = np.zeros(int(tested.sum()))
    for is_hospital, weight in ((True, 1 - part), (False, part)):
        own = pooled[pooled["is_hospital"] == is_hospital]
        of_square = dispersion_of_places(square[own.index], own["night"], events_of_all=10)
        each = square[own.index].map(of_square).fillna(1.0)
        there, clumped = (
            _values(
                kernel_density(
                    own["easting"], own["northing"], grid=grid, bandwidth_m=bandwidth_m,
                    uncertainty_m=own["uncertainty_m"], weights=weights,
                )
            )[tested]
            for weights in (None, each)
        )  # fmt: skip
        found += weight * np.divide(clumped, there, out=np.ones_like(there), where=there > 0)
    return found


def _values(surface: Surface) -> Floats:
    return surface.values  # noqa: PD011 (no pandas)


def _spread_of_deals(whole: Surface, tested: Flags, *, n: int, part: float) -> Floats:
    """Standard deviation of the hospital density over all deals of the labels.

    That of a sum of draws without replacement, known without dealing; the squares of all kernels at
    a cell are those of its standard error.
    """
    squares = np.asarray(whole.standard_error, dtype=np.float64)[tested] ** 2
    unevenness = np.maximum(squares - _values(whole)[tested] ** 2 / n, 0.0)
    return np.sqrt(part * (1 - part) * n / (n - 1) * unevenness)


def _layer(values: Floats, tested: Flags) -> Floats:
    layer = np.full(tested.shape, np.nan)
    layer[tested] = values
    return layer
