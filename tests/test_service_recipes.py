"""The recipes for IT: well-formed, with the program and workspace that they speak of."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from xml.etree import ElementTree

TEXT = (Path(__file__).parent.parent / "docs" / "it.md").read_text(encoding="utf-8")
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)[1]


def test_the_systemd_unit_keeps_the_workspace_private_and_only_stops_the_service():
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str
    unit.read_string(block("ini"))
    service = unit["Service"]

    workspace = service["ExecStart"].split()[-1]
    assert service["ReadWritePaths"] == workspace == unit["Unit"]["RequiresMountsFor"]
    assert service["ExecStart"].split()[1:3] == ["watch", "-w"]
    assert (service["UMask"], service["KillMode"]) == ("0077", "mixed")
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateNetwork", "ProtectHome"):
        assert service[name] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert int(service["TimeoutStopSec"]) > 5


def test_the_windows_task_starts_with_the_machine_and_is_never_ended_for_its_length():
    text = block("xml")
    root = ElementTree.fromstring(text.partition("\n")[2])  # noqa: S314 - our own text

    assert root.find(f"{TASK}Triggers/{TASK}BootTrigger") is not None
    assert root.findtext(f"{TASK}Settings/{TASK}ExecutionTimeLimit") == "PT0S"
    assert 1 <= int(root.findtext(f"{TASK}Settings/{TASK}RestartOnFailure/{TASK}Count")) <= 255
    exe = root.find(f"{TASK}Actions/{TASK}Exec")
    assert exe.findtext(f"{TASK}Command").endswith("ed-hotspots.exe")
    assert exe.findtext(f"{TASK}Arguments").startswith("watch -w ")
    # Of a choice of elements the schema wants these in this order.
    assert [e.tag.removeprefix(TASK) for e in root] == [
        "RegistrationInfo", "Triggers", "Principals", "Settings", "Actions",
    ]  # fmt: skip
