"""What the columns of the analyst's tables beyond the map mean."""

from __future__ import annotations

ROUNDED = "rounded; empty: held back"
METRES = "metres, EPSG:27700"
# As in `dictionary`: column, or "table.column" -> unit and meaning.
OF_FINDINGS = {
    "special_nights.name": ("", "Name of the event; empty for all nights of a kind"),
    "ranked_premises.name": ("", "Name of the premises"),
    "rank_low": ("", "Best rank that chance allows (95 % of resamples)"),
    "rank_high": ("", "Worst rank that chance allows (95 % of resamples)"),
    "share_top": (
        "0 to 1",
        "Share of resamples in which it ranks as here or higher; in steps of 0.05",
    ),
    "rank_before": ("", "Rank on the map of a month earlier; empty: it was not among them"),
    "trend": (
        "",
        "What became of it: new, emerging or fading, where the test calls a change; persistent or "
        "intermittent, where it calls none; recording_changed, where none was made; empty: not "
        "compared",
    ),
    "harm": (
        "weights of settings.toml",
        "Sum of the weights of the assaults; empty where no weights are set",
    ),
    "theme": ("", "Key of the theme, as in settings.toml. Themes overlap: never add them up"),
    "title": ("", "The theme in words"),
    "note": ("", "Why nothing of the theme is shown, or what must be known of it"),
    "compared_periods.note": ("", "Why nothing was compared, or what must be known of it"),
    "n_recorded": ("assault attendances", f"Of the theme in the period; {ROUNDED}"),
    "n_mapped": ("assault attendances", f"Of these, with a point; {ROUNDED}"),
    "hotspot_bands.n": (
        "assault attendances",
        "Number in the hot spot then, rounded; nights and hours that hold too few are left out",
    ),
    "n_now": ("incidents", f"In the later period; {ROUNDED}, or none"),
    "n_before": ("incidents", f"In the earlier period; {ROUNDED}, or none"),
    "ratio_low": (
        "ratio",
        "Lower end of the 95 % interval of the rate now to that before; only of a change that is "
        "called",
    ),
    "ratio_high": ("ratio", "Upper end of the same; empty: open"),
    "now_from": ("date", "First night of the later period"),
    "now_to": ("date", "Last night of the later period"),
    "before_from": ("date", "First night of the earlier period"),
    "before_to": ("date", "Last night of the earlier period"),
    "compared_with": ("", "a_year_before or the_months_before"),
    "is_called": ("", "False: recording changed between the periods, so that nothing is tested"),
    "providers": ("", "Hospitals that are in both periods, and so compared"),
    "left_out": ("", "Hospitals that are complete in one of the periods only"),
    "n_hospital": ("assault attendances", f"In public places, not domestic; {ROUNDED}"),
    "compared_hotspots.n_hospital": ("incidents", f"Seen by hospitals; {ROUNDED}, or none"),
    "compared_hotspots.n_police": ("incidents", f"Recorded by the police; {ROUNDED}, or none"),
    "rank_hospital": ("", "1 has the most incidents seen by hospitals; equal ones share a rank"),
    "compared_hotspots.rank_police": (
        "",
        "1 has the most incidents recorded by the police; equal ones share a rank",
    ),
    "compared_hotspots.rank_difference": (
        "ranks",
        "Rank by police less rank by hospitals: above 0 where hospitals rank it higher",
    ),
    "map": ("", "What foretold the last month: density, or counts (the plain count of each cell)"),
    "area_share": ("0 to 1", "Share of the area that the map marks"),
    "hit_rate": ("0 to 1", "Share of the last month's assaults that fell inside what was marked"),
    "hit_rate_low": ("0 to 1", "Lower end of its 95 % interval"),
    "hit_rate_high": ("0 to 1", "Upper end of its 95 % interval"),
    "pai": ("ratio", "Predictive accuracy index: hit rate by share of the area"),
    "pei": (
        "0 to 1",
        "Predictive efficiency index: hits by the most that any choice of as many cells could hit",
    ),
    "kind": ("", "event, bank_holiday, or eve (of a bank holiday): the first that applies"),
    "n_nights": ("nights", "How many such nights there were"),
    "ratio": (
        "ratio",
        "Number by what ordinary nights of the same days of the week would have brought",
    ),
    "special_nights.ratio_low": ("ratio", "Lower end of its 95 % interval"),
    "special_nights.ratio_high": ("ratio", "Upper end of its 95 % interval"),
    "distance_from": (
        "metres",
        "The two incidents of a pair lie farther apart than this; 0: or at the same place",
    ),
    "distance_to": ("metres", "And no farther than this"),
    "time_from": ("days", "More time lies between the two than this; 0: or none"),
    "time_to": ("days", "And no more than this"),
    "n_pairs": ("pairs of incidents", f"So near in place and time; {ROUNDED}"),
    "near_repeats.ratio": ("ratio", "Number of pairs by what chance would bring"),
    "p_permuted": (
        "0 to 1",
        "How often shuffled dates bring as many pairs or more",
    ),
    "ranked_premises.rank": ("", "1 is named by the most incidents"),
    "n_named": ("incidents", f"That name the premises; {ROUNDED}"),
    "ranked_premises.n_low": ("incidents", "Lower end of the 95 % interval for n_named; rounded"),
    "ranked_premises.n_high": ("incidents", "Upper end of the 95 % interval for n_named; rounded"),
    "n_shrunk": (
        "incidents",
        "Most likely number of a place picked for its count, drawn towards what is usual; empty: "
        "too few premises",
    ),
    "n_shrunk_low": ("incidents", "Lower end of the 95 % interval for n_shrunk"),
    "n_shrunk_high": ("incidents", "Upper end of the 95 % interval for n_shrunk"),
    "ranked_premises.trend": (
        "",
        "up, down or no_clear_change by the test of the compared periods; too_few; "
        "recording_changed; empty: nothing compared",
    ),
    "ranked_premises.n_now": ("incidents", f"In the later period; {ROUNDED}, or none"),
    "ranked_premises.n_before": ("incidents", f"In the earlier period; {ROUNDED}, or none"),
    "n_police_near": (
        "crimes",
        f"Recorded by the force within 50 m; {ROUNDED}, none, or no records of the force",
    ),
    "premises_bands.night": ("", "0 Monday to 6 Sunday; -1: all nights of the band"),
    "premises_bands.night_name": ("", "Night; all: every night"),
    "premises_bands.band": ("", "0 is 06–09 to 7 is 03–06; -1: all hours of the night"),
    "premises_bands.band_name": ("", "Hours; all: every hour"),
    "premises_bands.n": (
        "incidents",
        "That name the premises then; rows with too few or none are left out",
    ),
    "n_near": ("incidents", f"Near by that name no premises; {ROUNDED}, or none"),
    "per_100_capacity": ("incidents for 100 persons", "n_named by the capacity, where known"),
    "per_1000_open_hours": (
        "incidents for 1,000 hours",
        "n_named by the hours open in a year, where known",
    ),
    "ranked_premises.easting": (METRES, "Of the premises"),
    "ranked_premises.northing": (METRES, "Of the premises"),
    "share_premises": ("0 to 1", "Share of all premises, the busiest first"),
    "share_incidents": ("0 to 1", "Share of the incidents at them, in whole per cents"),
    "share_if_equal": ("0 to 1", "The same if all premises were alike and chance alone decided"),
    "changes.period_from": ("date", "First night of the map"),
    "changes.period_to": ("date", "Last night of the map"),
    "compared_periods.period_from": ("date", "First night of the map"),
    "compared_periods.period_to": ("date", "Last night of the map"),
    "evaluation.period_from": ("date", "First night of the map"),
    "evaluation.period_to": ("date", "Last night of the map, and of the month foretold"),
}
