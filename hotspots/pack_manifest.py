"""What a pack was made from and with: inputs, settings, versions, and what was withheld."""

from __future__ import annotations

from typing import Any

from ed_ingest import __version__, audit
from ed_ingest.providers import load_providers
from ed_ingest.senders import sender
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace
from hotspots.publishable import Publishable


def manifest_of(workspace: Workspace, publishable: Publishable, version: str) -> dict[str, Any]:
    """What the pack was made from and with; its counts are those of gate 2."""
    with open_store(workspace.store) as store:
        batches = store.read("batches").sort_values(["provider", "file_hash"])
        audit_head = audit.head(store.connection)
    # Folders and addresses are this machine's and its people's.
    settings = workspace.settings.model_dump(mode="json", exclude={"paths", "circulation"})
    agreements = sorted(set(batches.loc[batches["agreement"] == "not recorded", "provider"]))
    undated = [s.id for s in map(sender, load_providers(workspace.root)) if s.undated]
    return {
        "product": f"ed-hotspots {__version__}",
        "pack": version,
        "replaces": _replaced_by(version),
        "partnership": publishable.partnership,
        "marking": publishable.marking,
        "period_from": f"{publishable.period_from:%Y-%m-%d}",
        "period_to": f"{publishable.period_to:%Y-%m-%d}",
        "inputs": [
            {
                "batch_id": row["batch_id"],
                "provider": row["provider"],
                "kind": row["kind"],
                "received_on": f"{row['received_at']:%Y-%m-%d}",
                "sha256": row["file_hash"],
                "agreement": row["agreement"],
            }
            for row in batches.to_dict("records")
        ],
        "providers_without_recorded_agreement": agreements,
        "providers_without_agreement_dates": undated,
        "settings": settings,
        "counts": {
            "n_recorded": publishable.n_recorded,
            "n_mapped": publishable.n_mapped,
            "hot_spots": len(publishable.hot_spots),
            "rounding": publishable.rounding,
            "threshold": publishable.threshold,
        },
        "links": link_figures(publishable),
        "bandwidth_m": publishable.bandwidth_m,
        "cell_m": publishable.cell_m,
        "withheld": list(publishable.withheld),
        "held_back": [each._asdict() for each in publishable.held_back],
        "caveats": list(publishable.caveats),
        "analyst_notes": list(publishable.analyst_notes),
        # A copy outside the store, against which `audit verify --expect` checks it later.
        "audit_head": audit_head,
    }


def link_figures(publishable: Publishable) -> dict[str, float | None]:
    """The share with no matching police record, and what chance alone would find."""
    return {
        "share_not_found": publishable.share_not_found,
        "share_not_found_low": publishable.share_not_found_low,
        "share_not_found_high": publishable.share_not_found_high,
        "chance_rate": publishable.chance_rate,
    }


def _replaced_by(version: str) -> str | None:
    """The pack that this version takes the place of."""
    month, _, number = version.partition(".v")
    if not number:
        return None
    return month if number == "2" else f"{month}.v{int(number) - 1}"
