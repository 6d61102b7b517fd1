"""Delivery to stored record: read, check, de-identify, locate, link and keep assault records.

The names in ``__all__`` are public: docs/python-api.md tells what each takes and gives, and what is
promised of them. All else may change.
"""

from typing import TYPE_CHECKING

from ed_ingest.loaded_late import loaded_late

if TYPE_CHECKING:
    from ed_ingest.deidentify import redact
    from ed_ingest.errors import (
        AgreementError,
        AnalysisError,
        EdHotspotsError,
        FileError,
        MappingError,
        ReferenceDataError,
        SettingsError,
        StoreError,
        WorkspaceError,
    )
    from ed_ingest.gazetteer import load_gazetteer
    from ed_ingest.incidents import flag_transfers, group_incidents
    from ed_ingest.linkable import false_places
    from ed_ingest.linkage import link, link_status, link_summary, weigh
    from ed_ingest.linking import link_records
    from ed_ingest.normalise import assault_method, location_type
    from ed_ingest.pipeline import check, ingest
    from ed_ingest.places import find_places
    from ed_ingest.prepared import Receipt
    from ed_ingest.reference import adopt_reference
    from ed_ingest.store import Store, open_store
    from ed_ingest.tables import Gazetteer
    from ed_ingest.workspace import Workspace, make_workspace, open_workspace

__version__ = "0.1.0"
__all__ = [
    "AgreementError",
    "AnalysisError",
    "EdHotspotsError",
    "FileError",
    "Gazetteer",
    "MappingError",
    "Receipt",
    "ReferenceDataError",
    "SettingsError",
    "Store",
    "StoreError",
    "Workspace",
    "WorkspaceError",
    "__version__",
    "adopt_reference",
    "assault_method",
    "check",
    "false_places",
    "find_places",
    "flag_transfers",
    "group_incidents",
    "ingest",
    "link",
    "link_records",
    "link_status",
    "link_summary",
    "load_gazetteer",
    "location_type",
    "make_workspace",
    "open_store",
    "open_workspace",
    "redact",
    "weigh",
]

# Public name -> the module that holds it.
_MODULES = {
    **dict.fromkeys([name for name in __all__ if name.endswith("Error")], "errors"),
    "Gazetteer": "tables",
    "Receipt": "prepared",
    "Store": "store",
    "Workspace": "workspace",
    "adopt_reference": "reference",
    "assault_method": "normalise",
    "check": "pipeline",
    "false_places": "linkable",
    "find_places": "places",
    "flag_transfers": "incidents",
    "group_incidents": "incidents",
    "ingest": "pipeline",
    "link": "linkage",
    "link_records": "linking",
    "link_status": "linkage",
    "link_summary": "linkage",
    "load_gazetteer": "gazetteer",
    "location_type": "normalise",
    "make_workspace": "workspace",
    "open_store": "store",
    "open_workspace": "workspace",
    "redact": "deidentify",
    "weigh": "linkage",
}

# Hidden from the type checker, which would take any misspelt name for one that is made here.
if not TYPE_CHECKING:
    __getattr__, __dir__ = loaded_late(globals(), _MODULES)
