"""GATE 2: findings become what may be published; all is held back that is not let through.

Only this module makes `Publishable`; `completeness_disclosure` is the gate of the completeness
measures. Each column that goes out is named here or in the modules that it calls: what a later
stage adds to the findings stays in until it is named too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from ed_ingest.given import require_kind
from hotspots.area_totals import totals_words
from hotspots.drawable import drawable_density
from hotspots.earlier_packs import method_beside
from hotspots.held_back import held_back, n_missing
from hotspots.publishable import DensityClasses, Publishable, PublishableKnowledge
from hotspots.publishable_words import analyst_words, caveat_words, withheld_words
from hotspots.published_change import publish_change
from hotspots.published_comparison import (
    comparison_words,
    publish_compared_hot_spots,
    publish_comparison,
    publish_contours,
)
from hotspots.published_counts import (
    publish_areas,
    publish_codes,
    publish_coverage,
    publish_providers,
    publish_table,
    share_not_found,
)
from hotspots.published_hot_spots import publish_hot_spots
from hotspots.published_premises import (
    publish_concentration,
    publish_premises,
    publish_premises_bands,
    publish_ranked_premises,
)
from hotspots.published_scores import (
    publish_evaluation,
    publish_hot_spot_bands,
    publish_near_repeat,
    publish_special_nights,
)
from hotspots.published_themes import publish_themes
from hotspots.published_unseen import knowledge_words, publish_knowledge
from hotspots.small_numbers import (
    Method,
    Rules,
    publish_total,
    require_rules,
    round_count,
    share,
)
from hotspots.tables import Findings, HotSpotMap

BASEMAP_KINDS = ("road", "water", "area")


def disclose(
    findings: Findings,
    *,
    threshold: int,
    method: Method,
    premises_names: bool,
    marking: str,
    beside: Sequence[str] = (),
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
    beside
        Names of the earlier packs that count some of the same nights, as from
        `earlier_packs.overlapping`: beside them counts are rounded by either method.

    Returns
    -------
    Publishable
        Rounded or suppressed counts, classes of density, and what was held back and why.

    Raises
    ------
    AnalysisError
        If the method is not one of the two or the threshold is below 3.
    """
    require_kind(findings, Findings, name="findings", made_by="analyse")
    require_rules(threshold, method)
    agreed, method = method, method_beside(method, beside)
    f, rules = findings, Rules(threshold, method, findings.n_recorded, premises_names)
    hot_spots = publish_hot_spots(f.assaults, f.premises, rules)
    police_hot_spots = publish_hot_spots(f.police, f.premises, rules)
    premises = publish_premises(f.premises, rules)
    providers, areas = publish_providers(f.providers, rules), publish_areas(f.areas, rules)
    night_bands = publish_table(f.night_bands, "night", "band", count="n", rules=rules)
    methods = publish_codes(f.methods, rules)
    location_types = publish_codes(f.location_types, rules)
    n_recorded = publish_total(f.n_recorded, threshold=threshold, method=method)
    n_mapped = round_count(f.n_mapped, threshold=threshold)
    comparison = publish_comparison(f.area_comparison, rules)
    knowledge = publish_knowledge(f.knowledge, hot_spots, areas, rules)
    coverage = publish_coverage(n_recorded, n_mapped, location_types, threshold=threshold)
    published = Publishable(
        **_as_they_are(f),
        marking=marking,
        providers=providers,
        n_recorded=n_recorded,
        n_mapped=n_mapped,
        **coverage._asdict(),
        density=_density(f.assaults, threshold),
        hot_spots=hot_spots,
        police_density=_density(f.police, threshold),
        police_hot_spots=police_hot_spots,
        night_bands=night_bands,
        share_night_time_economy=share(f.n_night_time_economy, f.n_timed, threshold=threshold),
        methods=methods,
        location_types=location_types,
        areas=areas,
        premises=premises,
        **share_not_found(f.links, threshold=threshold)._asdict(),
        threshold=threshold,
        rounding=method,
        basemap=_basemap(f.basemap),
        withheld=withheld_words(
            rules,
            bandwidth_m=f.bandwidth_m,
            n_hot_spots=_n_hot_spots(f.assaults) - len(hot_spots),
            n_premises=len(f.premises) - len(premises),
            n_counts=sum(map(n_missing, (night_bands, methods, location_types, areas))),
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
        **_beyond_the_map(f, hot_spots, rules),
    )
    told = held_back(f, published, rules, agreed=agreed, beside=beside)
    return replace(published, held_back=told)


def _as_they_are(findings: Findings) -> dict[str, Any]:
    """What no record is behind: names, dates and settings."""
    names = ("partnership", "period_from", "period_to", "police_note", "nte_hours")
    settings = ("bandwidth_m", "cell_m", "boundary")
    return {name: getattr(findings, name) for name in (*names, *settings)}


def _beyond_the_map(
    findings: Findings, hot_spots: gpd.GeoDataFrame, rules: Rules
) -> dict[str, Any]:
    """Themes, change, comparison, scores and premises, by the name of their field."""
    f = findings
    premises = f.premises["name"]
    ranked = publish_ranked_premises(f.ranked_premises, f.change, f.n_premises, rules)
    names = dict(zip(f.providers["provider"], f.providers["name"], strict=True))
    return {
        "hot_spot_bands": publish_hot_spot_bands(f.hot_spot_bands, hot_spots, rules),
        "themes": publish_themes(f.themes, hot_spots, rules),
        "change": publish_change(f.change, premises, names, rules),
        "change_note": f.change_note,
        "comparison": publish_contours(f.comparison, bandwidth_m=f.bandwidth_m),
        "compared_hot_spots": publish_compared_hot_spots(f.comparison, premises, rules),
        "evaluation": publish_evaluation(f.evaluation, rules),
        "special_nights": publish_special_nights(f.special_nights, rules),
        "ranked_premises": ranked,
        "premises_bands": publish_premises_bands(f.premises_bands, ranked, rules),
        "n_premises": f.n_premises,
        "concentration": publish_concentration(f.concentration, f.ranked_premises, rules),
        "near_repeat": publish_near_repeat(f.near_repeat, rules),
        "theme": f.theme,
    }


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


def _basemap(basemap: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = basemap[basemap["kind"].isin(BASEMAP_KINDS)]
    return gpd.GeoDataFrame(kept[["kind", "name"]], geometry=kept.geometry, crs=basemap.crs)
