"""The shape of the product: who may import whom, who may vouch for what, how long things may be."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

import ed_ingest  # noqa: F401 (its public names are read)
import hotspots  # noqa: F401

ROOT = Path(__file__).parent.parent

# Modules that read or write files, the clock, settings or the network. All others are pure.
EDGES = {
    "ed_ingest.aliases",
    "ed_ingest.alone",
    "ed_ingest.audit",
    "ed_ingest.backup",
    "ed_ingest.backup_file",
    "ed_ingest.claiming",
    "ed_ingest.class_keeping",
    "ed_ingest.completeness_events",
    "ed_ingest.copies",
    "ed_ingest.counts_file",
    "ed_ingest.csv_files",
    "ed_ingest.delimited",
    "ed_ingest.earlier_store",
    "ed_ingest.exchange",
    "ed_ingest.fhrs",
    "ed_ingest.file_states",
    "ed_ingest.file_systems",
    "ed_ingest.gazetteer",
    "ed_ingest.guarded",
    "ed_ingest.history",
    "ed_ingest.inbox",
    "ed_ingest.job_states",
    "ed_ingest.kept_files",
    "ed_ingest.lease",
    "ed_ingest.leftovers",
    "ed_ingest.open_data",
    "ed_ingest.own_lists",
    "ed_ingest.police_downloads",
    "ed_ingest.quarantine",
    "ed_ingest.reachable",
    "ed_ingest.providers",
    "ed_ingest.read",
    "ed_ingest.reading_child",
    "ed_ingest.record_xml",
    "ed_ingest.recorded_crime",
    "ed_ingest.reference",
    "ed_ingest.reference_folder",
    "ed_ingest.regular_csv",
    "ed_ingest.restore",
    "ed_ingest.schedule",
    "ed_ingest.same_content",
    "ed_ingest.senders",
    "ed_ingest.settings",
    "ed_ingest.sharing_settings",
    "ed_ingest.store",
    "ed_ingest.store_analyses",
    "ed_ingest.store_hot_spots",
    "ed_ingest.store_removal",
    "ed_ingest.store_rows",
    "ed_ingest.store_tables",
    "ed_ingest.store_words",
    "ed_ingest.unpacking",
    "ed_ingest.told_notices",
    "ed_ingest.toml_tables",
    "ed_ingest.what_left",
    "ed_ingest.workbook",
    "ed_ingest.workbook_guard",
    "ed_ingest.workspace",
    "hotspots.area_files",
    "hotspots.area_tally",
    "hotspots.area_task",
    "hotspots.brief",
    "hotspots.check_circulation",
    "hotspots.check_copies",
    "hotspots.check_machine",
    "hotspots.check_providers",
    "hotspots.check_reference",
    "hotspots.check_store",
    "hotspots.check_workspace",
    "hotspots.circulated_files",
    "hotspots.completeness_workbook",
    "hotspots.early_wake",
    "hotspots.events_file",
    "hotspots.export",
    "hotspots.feedback",
    "hotspots.geofiles",
    "hotspots.health",
    "hotspots.kept_packs",
    "hotspots.maps",
    "hotspots.pack_mail",
    "hotspots.national_survey",
    "hotspots.pages",
    "hotspots.partition_points",
    "hotspots.postgis",
    "hotspots.postgis_rows",
    "hotspots.postgis_server",
    "hotspots.postgis_step",
    "hotspots.premises_file",
    "hotspots.premises_page",
    "hotspots.premises_workbook",
    "hotspots.raster_file",
    "hotspots.record_files",
    "hotspots.record_index",
    "hotspots.record_storage",
    "hotspots.record_writing",
    "hotspots.report",
    "hotspots.self_assessment_report",
    "hotspots.service_log",
    "hotspots.simulate",
    "hotspots.simulate_areas",
    "hotspots.simulated",
    "hotspots.slides",
    "hotspots.stopping",
    "hotspots.tiled_raster",
    "hotspots.typesetting",
    "hotspots.workbook",
    "hotspots.workers",
}
JOURNEYS = {
    "ed_ingest.agreements",
    "ed_ingest.linking",
    "ed_ingest.pipeline",
    "ed_ingest.place_review",
    "ed_ingest.profiling",
    "ed_ingest.retention",
    "ed_ingest.stages",
    "ed_ingest.taking",
    "ed_ingest.watched",
    "hotspots.area_inputs",
    "hotspots.circulation",
    "hotspots.demo",
    "hotspots.doctor",
    "hotspots.erasing",
    "hotspots.export_records",
    "hotspots.kept_findings",
    "hotspots.national_surface",
    "hotspots.pack",
    "hotspots.pack_analysis",
    "hotspots.pack_files",
    "hotspots.pack_manifest",
    "hotspots.place_questions",
    "hotspots.police_input",
    "hotspots.profile",
    "hotspots.quality_extras",
    "hotspots.questions",
    "hotspots.review",
    "hotspots.scale",
    "hotspots.service",
    "hotspots.service_jobs",
    "hotspots.service_turns",
    "hotspots.service_work",
}
TOP = {
    "hotspots.__main__",
    "hotspots.analyse_command",
    "hotspots.areas_command",
    "hotspots.circulate_command",
    "hotspots.cli",
    "hotspots.doctor_command",
    "hotspots.export_command",
    "hotspots.inbox_commands",
    "hotspots.keeper_commands",
    "hotspots.places_commands",
    "hotspots.printing",
    "hotspots.retention_commands",
    "hotspots.service_command",
    "hotspots.simulate_command",
    "hotspots.status_command",
    "hotspots.why_link_command",
}
# The public names of a package, loaded on first use: a door to every layer, so that no module of
# ours may go through it.
FRONTS = ("ed_ingest", "hotspots")
# hotspots.analysis is journey 2, and pure: it is handed tables and plain numbers.
PURE_STDLIB_BANS = {"logging", "sqlite3", "subprocess", "socket", "urllib", "http", "random"}
CLOCKS = {"now", "today", "utcnow"}

# Each table's type is made by the module that vouches for it, and by no other.
OWNERS = {
    "RawExtract": {"ed_ingest.read"},
    "Mapped": {"ed_ingest.layout"},
    "Normalised": {"ed_ingest.normalise"},
    "Attendances": {"ed_ingest.validate"},
    "Redacted": {"ed_ingest.deidentify"},
    "Located": {"ed_ingest.places"},
    "Sealed": {"ed_ingest.deidentify"},
    "Held": {"ed_ingest.held_words"},
    "Replaced": {"ed_ingest.placed_anew"},
    "Counts": {"ed_ingest.counts"},
    "Crimes": {"ed_ingest.crimes"},
    "Links": {"ed_ingest.linkage"},
    "Publishable": {"hotspots.disclosure"},
    "PublishableCompleteness": {"hotspots.completeness_disclosure"},
}


def modules() -> dict[str, str]:
    """Source of every module, by its dotted name."""
    found = {}
    for package in ("ed_ingest", "hotspots"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """All that a source is made of; most are looked at by every rule."""
    return tuple(ast.walk(ast.parse(source)))


def imports(source: str) -> set[str]:
    """Dotted names of all modules that a source imports, anywhere in it."""
    names = set()
    for node in nodes(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layer(module: str) -> str:
    """Which layer a module is in; a sub-module is in its package's."""
    for layer_name, members in (("top", TOP), ("journey", JOURNEYS), ("edge", EDGES)):
        if any(module == m or module.startswith(m + ".") for m in members):
            return layer_name
    return "pure"


def through_fronts(source: str) -> set[str]:
    """Public names that a source takes from a package rather than from their module."""
    taken = {
        (node.value.id, node.attr)
        for node in nodes(source)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    taken |= {tuple(name.split(".")) for name in imports(source) if name.count(".") == 1}
    public = {front: set(sys.modules[front].__all__) - {"__version__"} for front in FRONTS}
    return {f"{front}.{name}" for front, name in taken if name in public.get(front, ())}


def import_faults(sources: dict[str, str]) -> list[str]:
    """Imports that go against the layers."""
    faults = []
    for module, source in sources.items():
        if module in FRONTS:
            continue
        used = imports(source)
        ours = {name for name in used if name in sources}
        faults += [f"{module} takes {name} from a front" for name in through_fronts(source)]
        if module.startswith("ed_ingest") and any(n.split(".")[0] == "hotspots" for n in used):
            faults.append(f"{module} imports hotspots")
        allowed = {
            "top": {"top", "journey", "edge", "pure"},
            "journey": {"journey", "edge", "pure"},
            "edge": {"edge", "pure"},
            "pure": {"pure"},
        }[layer(module)]
        faults += [f"{module} imports {n}" for n in sorted(ours) if layer(n) not in allowed]
        if layer(module) == "pure":
            banned = {n.split(".")[0] for n in used} & PURE_STDLIB_BANS
            faults += [f"{module} imports {n}" for n in sorted(banned)]
    return faults


def clock_faults(sources: dict[str, str]) -> list[str]:
    """Pure modules that look at the clock or open a file."""
    faults = []
    for module, source in sources.items():
        if layer(module) != "pure" or module == "ed_ingest.schema":
            continue  # the schema reader reads only what is shipped with the package
        for node in nodes(source):
            if isinstance(node, ast.Call):
                called = node.func
                name = (
                    called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                )
                if name in CLOCKS | {"open", "read_text", "write_text", "read_csv", "to_csv"}:
                    faults.append(f"{module}:{node.lineno} calls {name}")
    return faults


def voucher_faults(sources: dict[str, str]) -> list[str]:
    """Calls that make a type whose owner is another module, casts included."""
    faults = []
    for module, source in sources.items():
        for node in nodes(source):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            made = [called] if called in OWNERS else []
            if called == "cast" and node.args:
                target = node.args[0]
                text = getattr(target, "id", getattr(target, "value", ""))
                made += [text] if text in OWNERS else []
            faults += [f"{module} makes {t}" for t in made if module not in OWNERS[t]]
    return faults


def test_modules_import_only_what_their_layer_may():
    assert import_faults(modules()) == []


def test_pure_stages_neither_read_files_nor_look_at_the_clock():
    assert clock_faults(modules()) == []


def test_only_the_owner_of_a_table_vouches_for_it():
    assert voucher_faults(modules()) == []


@pytest.mark.parametrize(
    ("module", "line", "check"),
    [
        ("ed_ingest.validate", "from hotspots.tables import Grid", import_faults),
        ("ed_ingest.validate", "import ed_ingest.store", import_faults),
        ("ed_ingest.places", "from ed_ingest.providers import Provider", import_faults),
        ("ed_ingest.places", "import logging", import_faults),
        ("hotspots.density", "from hotspots import maps", import_faults),
        ("ed_ingest.read", "from ed_ingest.pipeline import ingest", import_faults),
        ("ed_ingest.read", "from ed_ingest import ingest", import_faults),
        ("hotspots.density", "stored = ed_ingest.open_store(path)", import_faults),
        ("hotspots.density", "stamp = datetime.now()", clock_faults),
        ("ed_ingest.normalise", "text = path.read_text()", clock_faults),
        ("ed_ingest.pipeline", "Sealed(frame)", voucher_faults),
        ("hotspots.maps", "tables.Publishable(**findings)", voucher_faults),
        ("ed_ingest.store", "cast('Sealed', frame)", voucher_faults),
    ],
)
def test_a_broken_rule_is_found(module, line, check):
    sources = modules()
    sources[module] = sources.get(module, "") + f"\n{line}\n"

    assert len(check(sources)) == len(check(modules())) + 1


def test_every_user_facing_error_has_the_one_base_and_an_exit_code():
    tree = ast.parse((ROOT / "ed_ingest" / "errors.py").read_text(encoding="utf-8"))
    bases = {c.name: [b.id for b in c.bases] for c in tree.body if isinstance(c, ast.ClassDef)}

    assert bases.pop("EdHotspotsError") == ["Exception"]
    assert set(map(tuple, bases.values())) == {("EdHotspotsError",)}


def test_no_function_is_longer_than_sixty_lines_of_code():
    long = []
    for module, source in modules().items():
        for node in nodes(source):
            if isinstance(node, ast.FunctionDef):
                first = node.body[0]
                documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
                start = first.end_lineno if documented else node.lineno
                if node.end_lineno - start > 60:
                    long.append(f"{module}.{node.name}")
    assert long == []


# Tables of settings, checked by pydantic.
MODELS = (
    "ed_ingest.settings", "ed_ingest.providers", "ed_ingest.sharing_settings",
    "ed_ingest.toml_tables",
)  # fmt: skip


def test_classes_are_data_named_tuples_models_or_errors_only():
    odd = []
    for module, source in modules().items():
        if module == "ed_ingest.errors" or module in MODELS:
            continue
        for node in nodes(source):
            if isinstance(node, ast.ClassDef):
                dataclass = any("dataclass" in ast.dump(d) for d in node.decorator_list)
                named_tuple = any(getattr(b, "id", "") == "NamedTuple" for b in node.bases)
                if not (dataclass or named_tuple):
                    odd.append(f"{module}.{node.name}")
    assert odd == []


def names_that_are_not(sources: dict[str, str]) -> list[str]:
    """What scripts beside the packages import of them that is not there; by script."""
    ours = modules()
    held = {
        module: {name for node in nodes(text) for name in _made_by(node)} | set(ours)
        for module, text in ours.items()
    }
    return [
        f"{script}: {node.module}.{alias.name}"
        for script, text in sources.items()
        for node in nodes(text)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FRONTS
        for alias in node.names
        if f"{node.module}.{alias.name}" not in ours
        and alias.name not in held.get(str(node.module), ())
    ]


def _made_by(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.ImportFrom | ast.Import):
        return {alias.asname or alias.name for alias in node.names}
    return set()


def test_scripts_import_only_what_is_there():
    folders = ("benchmarks", "docs", "bundle", "sample_data")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    scripts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    wrong = "from hotspots.density import kernel_densities, kernel_density"

    assert len(scripts) > 20
    assert names_that_are_not(scripts) == []
    assert names_that_are_not({"x": wrong}) == ["x: hotspots.density.kernel_densities"]
