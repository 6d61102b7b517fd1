"""Splink 5 on distance and time: run by an interpreter of its own, where Splink is installed.

``python splink_peer.py LEFT.csv RIGHT.csv OUT.csv``: columns ``unique_id, easting, northing, start,
end`` (minutes), ``day, night`` (numbers of the day from midnight and from noon). Writes the pairs
with ``setting, unique_id_l, unique_id_r, match_probability``, and prints seconds for each setting.
"""

from __future__ import annotations

import sys
import time
import warnings

# Metres and minutes at which the levels of the comparisons end.
SETTINGS = (
    ((50, 100, 200), (15, 60, 120)),
    ((40, 80, 150, 300), (10, 30, 60, 120, 180)),
    ((100, 200), (30, 120)),
)
_BOX = "abs(l.easting - r.easting) <= 300 and abs(l.northing - r.northing) <= 300"
_RULES = [f"l.day = r.day and {_BOX}", f"l.night = r.night and {_BOX}"]
_METRES = "sqrt(power(easting_l - easting_r, 2) + power(northing_l - northing_r, 2))"
_MINUTES = "greatest(start_l - end_r, start_r - end_l, 0)"


def main() -> None:
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.comparison_level_library import CustomLevel, ElseLevel
    from splink.comparison_library import CustomComparison

    warnings.simplefilter("ignore")
    left, right, out = sys.argv[1:]
    connection = duckdb.connect()
    for name, path in (("assaults", left), ("crimes", right)):
        connection.execute(f"create table {name} as select * from read_csv('{path}')")  # noqa: S608
    connection.execute(
        "create table found (setting int, unique_id_l varchar, unique_id_r varchar, "
        "match_probability double)"
    )
    for number, (metres, minutes) in enumerate(SETTINGS):
        start = time.perf_counter()
        comparisons = [
            CustomComparison(
                output_column_name=column,
                comparison_levels=[
                    *(CustomLevel(f"{sql} <= {end}", label_for_charts=str(end)) for end in ends),
                    ElseLevel(),
                ],
            )
            for column, sql, ends in (("easting", _METRES, metres), ("start", _MINUTES, minutes))
        ]
        database = DuckDBAPI(connection)
        tables = [database.register(name) for name in ("assaults", "crimes")]
        settings = SettingsCreator(
            link_type="link_only",
            comparisons=comparisons,
            blocking_rules_to_generate_predictions=_RULES,
            additional_columns_to_retain=["easting", "northing", "start", "end"],
        )
        linker = Linker(tables, settings, log_level=40)
        linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(
            _RULES[0],
            max_pairs=2e6,
            record_sample_proportion=1.0,
            populate_probability_two_random_records_match_from_trained_values=True,
        )
        pairs = linker.inference.predict(threshold_match_probability=0.01)
        connection.execute(
            f"insert into found select {number}, unique_id_l, unique_id_r, match_probability "  # noqa: S608
            f"from {pairs.physical_name}"
        )
        print(f"{number} {time.perf_counter() - start:.2f}", flush=True)
    connection.execute(f"copy found to '{out}' (header)")


if __name__ == "__main__":
    main()
