"""GATE 2: findings become what may be published; all is held back that is not let through.

Only this module makes `Publishable`; `completeness_disclosure` is the gate of the completeness
measures. Each column that goes out is named here or in the modules that it calls: what a later
stage adds to the findings stays in until it is named too.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from hotspots.area_totals import totals_words
from hotspots.drawable import drawable_density
from hotspots.publishable_words import analyst_words, caveat_words, withheld_words
from hotspots.published_comparison import comparison_words, publish_comparison
from hotspots.published_counts import (
    publish_areas,
    publish_coverage,
    publish_providers,
    publish_table,
    share_not_found,
)
from hotspots.published_hot_spots import publish_hot_spots, publish_premises
from hotspots.published_unseen import knowledge_words, publish_knowledge
from hotspots.small_numbers import (
    Method,
    Rules,
    publish_total,
    require_rules,
    round_count,
    share,
)
from hotspots.tables import (
    DensityClasses,
    Findings,
    HotSpotMap,
    Publishable,
    PublishableKnowledge,
)

BASEMAP_KINDS = ("road", "water", "area")


def disclose(
    findings: Findings, *, threshold: int, method: Method, premises_names: bool, marking: str
) -> Publishable:
    """Make of the findings what may leave the workspace.

    Counts are rounded or suppressed (`small_numbers`); of the density only classes stay, and only
    where enough incidents lie (`drawable`); hot spots and premises need the threshold in incidents,
    not records. Counts of sets that overlap others in many ways (hot spots, premises, mapped
    records) are rounded by either method: exact ones would give small numbers away by difference.

    Parameters
    ----------
    findings
        As from `analysis.analyse`.
    threshold
        Smallest count that may be read, in incidents; at least 3.
    method
        ``round5`` or ``suppress_lt5``.
    premises_names
        Whether premises may be named, by the agreement. If not, nothing of them is let through.
    marking
        Protective marking for every page.

    Raises
    ------
    AnalysisError
        If the method is not one of the two or the threshold is below 3.
    """
    require_rules(threshold, method)
    f, rules = findings, Rules(threshold, method, findings.n_recorded, premises_names)
    hot_spots = publish_hot_spots(f.assaults, f.premises, rules)
    police_hot_spots = publish_hot_spots(f.police, f.premises, rules)
    premises = publish_premises(f.premises, rules)
    providers, areas = publish_providers(f.providers, rules), publish_areas(f.areas, rules)
    night_bands = publish_table(f.night_bands, "night", "band", count="n", rules=rules)
    methods = publish_table(f.methods, "code", count="n", rules=rules)
    location_types = publish_table(f.location_types, "code", count="n", rules=rules)
    n_recorded = publish_total(f.n_recorded, threshold=threshold, method=method)
    n_mapped = round_count(f.n_mapped, threshold=threshold)
    comparison = publish_comparison(f.area_comparison, rules)
    knowledge = publish_knowledge(f.knowledge, hot_spots, areas, rules)
    coverage = publish_coverage(n_recorded, n_mapped, location_types, threshold=threshold)
    return Publishable(
        partnership=f.partnership,
        marking=marking,
        period_from=f.period_from,
        period_to=f.period_to,
        providers=providers,
        n_recorded=n_recorded,
        n_mapped=n_mapped,
        **coverage._asdict(),
        density=_density(f.assaults, threshold),
        hot_spots=hot_spots,
        police_density=_density(f.police, threshold),
        police_hot_spots=police_hot_spots,
        police_note=f.police_note,
        night_bands=night_bands,
        share_night_time_economy=share(f.n_night_time_economy, f.n_timed, threshold=threshold),
        nte_hours=f.nte_hours,
        methods=methods,
        location_types=location_types,
        areas=areas,
        premises=premises,
        **share_not_found(f.links, threshold=threshold)._asdict(),
        bandwidth_m=f.bandwidth_m,
        cell_m=f.cell_m,
        threshold=threshold,
        rounding=method,
        boundary=f.boundary,
        basemap=_basemap(f.basemap),
        withheld=withheld_words(
            rules,
            bandwidth_m=f.bandwidth_m,
            n_hot_spots=_n_hot_spots(f.assaults) - len(hot_spots),
            n_premises=len(f.premises) - len(premises),
            n_counts=_n_missing(night_bands, methods, location_types, areas),
        ),
        caveats=caveat_words(
            f,
            share_placed=coverage.share_placed,
            false_places=list(hot_spots.loc[hot_spots["false_place"], "rank"]),
        ),
        analyst_notes=_analyst_notes(f, rules, police_hot_spots, comparison, knowledge),
        police_analyst_only=f.police_is_snapped,
        area_comparison=comparison,
        recorded_crime=_published_by_others(f.recorded_crime),
        knowledge=knowledge,
    )


def _analyst_notes(
    findings: Findings,
    rules: Rules,
    police_hot_spots: pd.DataFrame,
    comparison: pd.DataFrame | None,
    knowledge: PublishableKnowledge | None,
) -> tuple[str, ...]:
    left_out = _n_hot_spots(findings.police) - len(police_hot_spots)
    return (
        *analyst_words(rules, police_note=findings.police_note, n_police_hot_spots=left_out),
        *comparison_words(findings.area_comparison, comparison, rules),
        *knowledge_words(findings.knowledge, knowledge),
        *(() if findings.recorded_crime is None else totals_words(findings.recorded_crime)),
    )


def _published_by_others(totals: pd.DataFrame | None) -> pd.DataFrame | None:
    """The Home Office's counts of crimes in the whole area: open data, no hospital's record."""
    columns = ["area", "quarter_from", "quarter_to", "offence_group", "n"]
    return None if totals is None else totals[columns]


def _density(found: HotSpotMap | None, threshold: int) -> DensityClasses | None:
    if found is None:
        return None
    return drawable_density(found.surface, found.support, threshold=threshold)


def _n_hot_spots(found: HotSpotMap | None) -> int:
    return 0 if found is None else len(found.hot_spots)


def _n_missing(*tables: pd.DataFrame) -> int:
    return sum(int(table.filter(regex="^n_|^n$").isna().to_numpy().sum()) for table in tables)


def _basemap(basemap: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = basemap[basemap["kind"].isin(BASEMAP_KINDS)]
    return gpd.GeoDataFrame(kept[["kind", "name"]], geometry=kept.geometry, crs=basemap.crs)
