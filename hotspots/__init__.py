"""Stored record to decision: density, hot spots, timing, disclosure control and the month pack.

The names in ``__all__`` are public: docs/python-api.md tells what each takes and gives, and what is
promised of them. All else may change.
"""

from typing import TYPE_CHECKING

from ed_ingest import __version__
from ed_ingest.loaded_late import loaded_late

if TYPE_CHECKING:
    from hotspots.analysis import analyse
    from hotspots.bandwidth import choose_bandwidth
    from hotspots.cluster_parameters import suggest_parameters
    from hotspots.clusters import dbscan, st_dbscan
    from hotspots.density import kernel_density
    from hotspots.disclosure import disclose
    from hotspots.evaluate import pai, score_map
    from hotspots.geofiles import write_geopackage, write_geoparquet, write_tables
    from hotspots.gistar import count_in_cells, gi_star
    from hotspots.grid import make_grid
    from hotspots.near_repeat import knox
    from hotspots.pack import Made, publish_month, renew_draft
    from hotspots.publishable import Publishable
    from hotspots.tables import Findings, Grid, Surface

__all__ = [
    "Findings",
    "Grid",
    "Made",
    "Publishable",
    "Surface",
    "__version__",
    "analyse",
    "choose_bandwidth",
    "count_in_cells",
    "dbscan",
    "disclose",
    "gi_star",
    "kernel_density",
    "knox",
    "make_grid",
    "pai",
    "publish_month",
    "renew_draft",
    "score_map",
    "st_dbscan",
    "suggest_parameters",
    "write_geopackage",
    "write_geoparquet",
    "write_tables",
]

# Public name -> the module that holds it.
_MODULES = {
    "Findings": "tables",
    "Grid": "tables",
    "Made": "pack",
    "Publishable": "publishable",
    "Surface": "tables",
    "analyse": "analysis",
    "choose_bandwidth": "bandwidth",
    "count_in_cells": "gistar",
    "dbscan": "clusters",
    "disclose": "disclosure",
    "gi_star": "gistar",
    "kernel_density": "density",
    "knox": "near_repeat",
    "make_grid": "grid",
    "pai": "evaluate",
    "publish_month": "pack",
    "renew_draft": "pack",
    "score_map": "evaluate",
    "st_dbscan": "clusters",
    "suggest_parameters": "cluster_parameters",
    "write_geopackage": "geofiles",
    "write_geoparquet": "geofiles",
    "write_tables": "geofiles",
}

# Hidden from the type checker, which would take any misspelt name for one that is made here.
if not TYPE_CHECKING:
    __getattr__, __dir__ = loaded_late(globals(), _MODULES)
