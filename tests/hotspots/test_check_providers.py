from datetime import date

import pandas as pd
import pytest

from ed_ingest.workspace import make_workspace
from hotspots.check_providers import provider_findings

TODAY = date(2026, 3, 1)


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "w", name="M", marking="OFFICIAL", premises_names=False)


def received(provider: str) -> pd.DataFrame:
    """Deliveries of 2025, month by month, each in the week after its month."""
    months = pd.period_range("2025-01", "2026-01", freq="M")
    return pd.DataFrame(
        {
            "provider": provider,
            "received_at": months.end_time.normalize() + pd.Timedelta(days=5),
            "period_from": months.start_time,
            "period_to": months.end_time,
        }
    )


def found(workspace, deliveries):
    settings = workspace.settings
    return provider_findings(workspace.root, deliveries=deliveries, settings=settings, today=TODAY)


def test_every_providers_file_is_read(workspace):
    folder = workspace.root / "providers"
    agreement = '[agreement]\nreference = "ISA-1"\nvalid_to = 2030-01-01\n'
    (folder / "right.toml").write_text(f'name = "R"\nkind = "ed"\n{agreement}', encoding="utf-8")
    (folder / "wrong.toml").write_text('name = "W"\nkind = "hospital"\n', encoding="utf-8")

    findings = found(workspace, received("right"))

    assert [(f.check, f.state) for f in findings] == [
        ("provider right", "ok"),
        ("provider wrong", "fault"),
        ("police", "warning"),
    ]


def test_a_police_force_is_all_that_was_missing(workspace):
    text = 'name = "police.uk"\nkind = "police"\nlayout = "police-uk-street"\n'
    text += '[agreement]\nreference = "Open Government Licence"\n'
    (workspace.root / "providers" / "police-uk.toml").write_text(text, encoding="utf-8")

    (finding,) = found(workspace, received("police-uk"))

    assert finding.state == "ok"


def test_a_workspace_without_providers_is_told(workspace):
    (finding,) = found(workspace, received("nobody"))

    assert finding.state == "warning"


def test_what_stands_of_an_agreement_is_told_with_the_provider(workspace):
    text = 'name = "R"\nkind = "police"\n[agreement]\nreference = "ISA-1"\n'
    path = workspace.root / "providers" / "force.toml"
    path.write_text(text + "valid_to = 2026-02-28\n", encoding="utf-8")

    (finding,) = found(workspace, received("force"))

    assert (finding.check, finding.state) == ("provider force", "fault")
    assert "providers/force.toml" in finding.remedy
