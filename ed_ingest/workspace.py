"""A partnership's folder on disk: where things lie, how it is made, and its secret key."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ed_ingest.errors import SettingsError, WorkspaceError
from ed_ingest.exchange import finish_or_undo
from ed_ingest.file_systems import OWNER_ONLY_FILE, keep_owner_only, make_owner_only
from ed_ingest.given import PathLike, path_of
from ed_ingest.settings import Settings, load_settings

FOLDERS = ("providers", "reference", "outputs")
# Where records lie, or what is made of them: their owner's alone.
PRIVATE_FOLDERS = ("inbox", "processing", "quarantine", "archive", "store", "logs")
# A workspace that lies in somebody's repository must not be committed by mistake.
_NOTHING_TO_COMMIT = "*\n"
KEY_BYTES = 32

SETTINGS_TEMPLATE = """\
# Settings of this workspace. Lines that begin with # are explanations or defaults.

[partnership]
name = "{name}"
# The protective marking printed on every page. Your sharing agreement says which.
{marking}

[audiences.tasking]
# May a tasking meeting see the names of premises? Your sharing agreement says so or not.
# false: hot spots are named by street, and the tasking page holds no premises data at all.
{premises_names}

[small_numbers]
threshold = 5        # no published figure may give away a count of 1 to threshold - 1
method = "round5"    # or "suppress_lt5", shown [c]

[map]
months = 12          # the map covers this many whole months
cell_m = 25          # side of a cell in metres
bandwidth_m = 200    # radius of the density kernel in metres
eps_m = 100          # neighbours within this many metres make a hot spot ...
min_samples = 10     # ... where at least this many assaults lie together
largest_radius_m = 150   # what is larger is parted into hot spots around its peaks

[night_time_economy]
start_hour = 18
end_hour = 6
country = "England"  # whose bank holidays: or "Wales", "Scotland", "Northern Ireland"

[change]
months = 3           # the latest months, beside the same ones a year before or those just before

[themes]
# Parts of the assaults that the map offers beside all of them; take out what you do not want.
# Domestic abuse is counted, and never placed.
show = [
    "night_time_economy", "knife", "firearm", "domestic_abuse", "youth", "alcohol",
    "licensed_premises", "public_space", "serious",
]
youth_bands = ["0-15", "16-17"]    # age bands that count as young, where the agreement names age

[harm]
# Hot spots also show a sum of harm where you say here how much one assault of a kind weighs.
# weights = {{ firearm = 20, sharp_object = 10, glass = 5, blunt_object = 4, body_part = 1 }}
# admitted = 5       # what is added for a patient who was admitted

[linkage]
threshold = 0.5      # a pair counts as one incident from this probability on
capture_recapture = false   # true: an analyst's table of how many assaults neither side has

[completeness]
usable_share = 0.5   # a month passes when type, time and place are each usable in this share
late_days = 31       # of rows, and the delivery came within this many days of the month's end

[reading]
max_file_mb = 1024   # a larger file is refused, as is one that takes more than ...
max_memory_mb = 2048 # ... so much memory or ...
max_seconds = 300    # ... so many seconds to read

[inbox]
scan_seconds = 10    # the inbox is looked at so often; a file that held still so long is taken

[agreements]
expiry_days = 60     # a sharing agreement that ends within so many days is told

[schedule]
settle_seconds = 2   # so long after the last new records they are linked and outputs/draft/ renewed
pack_day = 15        # on this day of the month (1 to 28) the pack of the month before is made and
pack_at = "06:00"    # frozen, at this time; pack_day = 0: only by "publish"
purge_at = "03:00"   # what has been kept for its time is taken out, every day
notices_at = "07:00" # agreements that end and deliveries that are late are told, every day

[retention]
# Whole months for which records are kept: your agreements say how many. Until it is set here
# nothing is taken out, and "doctor" warns. The map needs its months and one more.
# records_months = 36
raw_days = 0         # files as delivered are kept so long in archive/; 0: not at all
quarantine_days = 30 # files that were refused are kept so long in quarantine/
words_days = 92      # words of records without a place are held this long for "places review";
                     # 0 holds none, and takes out those that are held
logs_days = 92       # logs, and receipts in the inbox, are kept so long
words_min_records = 3    # of words that nobody knows only those are held that as many share

[self_assessment]
# Optional: your own sharing, to be set beside the national survey of 2009; scores from 1 to 5.
# docs/methods/self-assessment.md lists all names.
# answered_on = 2026-10-01
# arrangements.marac = {{ in_place = true, protocol_signed = true, ease = 3, working = 4, used = 4}}
# agencies.fire_and_rescue = {{ in_place = true, protocol_signed = false }}

[paths]
# inbox = "S:/partnership/inbox"       # may lie on a share; the store may not
# outputs = "S:/partnership/outputs"

[circulation]
# After a pack is published, each audience's files are copied to its folder: a share, or a synced
# SharePoint folder, outside of this workspace. docs/circulation.md tells how.
# tasking = "S:/tasking/hot-spots"
# licensing = "S:/licensing/hot-spots"
# data_quality = "S:/health/ed-data"
# analyst = "S:/analysts/hot-spots"

# [circulation.mail]  # a notice of where the pack is, without any figure
# host = "smtp.example.org"
# port = 587
# starttls = true
# from = "analyst@example.org"
# to = ["tasking@example.org"]
# user = "analyst"    # if the server asks; password: ED_HOTSPOTS_SMTP_PASSWORD in the environment
"""


@dataclass(frozen=True)
class Workspace:
    """Where the parts of an existing workspace lie."""

    root: Path
    settings: Settings

    @property
    def reference(self) -> Path:
        """Reference data: gazetteer, boundary, small areas."""
        return self.root / "reference"

    @property
    def inbox(self) -> Path:
        """Deliveries wait here, a folder for each provider."""
        return self.root / (self.settings.paths.inbox or "inbox")

    @property
    def processing(self) -> Path:
        """Files being taken; on the inbox's own file system, so that a rename claims them."""
        own = self.root / "processing"
        try:
            apart = self.inbox.stat().st_dev != self.root.stat().st_dev
        except OSError:
            apart = self.settings.paths.inbox is not None
        return self.inbox / ".processing" if apart else own

    @property
    def processing_folders(self) -> tuple[Path, Path]:
        """All folders in which files that are being taken may lie, wherever the inbox lay then."""
        return self.root / "processing", self.inbox / ".processing"

    @property
    def incoming(self) -> Path:
        """Local copies of files while they are read; nothing stays there."""
        return self.store.parent / "incoming"

    @property
    def quarantine(self) -> Path:
        """Refused files, a folder for each provider, each with the reason beside it."""
        return self.root / "quarantine"

    @property
    def archive(self) -> Path:
        """Files as delivered, where the settings keep them for a while."""
        return self.root / "archive"

    @property
    def outputs(self) -> Path:
        """Month packs and the draft."""
        return self.root / (self.settings.paths.outputs or "outputs")

    @property
    def store(self) -> Path:
        """The SQLite store, always on a local disk."""
        return self.root / "store" / "ed-hotspots.sqlite"

    def key(self, *, needed: bool) -> bytes:
        """The random key of the opaque ids; made on first use, outside the database, owner-only.

        Parameters
        ----------
        needed
            The store holds records made with it: with a new key, records that are sent again would
            be stored twice.

        Raises
        ------
        WorkspaceError
            If the key is needed, and missing or damaged.
        """
        path = self.root / "store" / "workspace.key"
        try:
            return _read_key(path)
        except (OSError, ValueError):
            if needed:
                raise WorkspaceError(
                    "store/workspace.key: missing or damaged, and the records were made with it. "
                    "Restore it from the back-up."
                ) from None
        make_owner_only(path.parent)
        path.touch(mode=OWNER_ONLY_FILE)
        keep_owner_only(path)
        path.write_text(secrets.token_hex(KEY_BYTES), encoding="ascii")
        return _read_key(path)


def _read_key(path: Path) -> bytes:
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) != KEY_BYTES:
        raise ValueError("the key is cut short")
    return key


def open_workspace(root: PathLike) -> Workspace:
    """Open a workspace and check its settings; a restore that was cut off is undone first.

    Parameters
    ----------
    root
        Folder of the workspace, the one that holds settings.toml.

    Returns
    -------
    Workspace
        Where its parts lie, and its settings.

    Raises
    ------
    WorkspaceError
        If the folder is not a workspace, or is being restored right now.
    SettingsError
        If a setting is wrong.
    """
    root = path_of(root, name="root")
    finish_or_undo(root.resolve())
    workspace = Workspace(root.resolve(), load_settings(root))
    _refuse_mixed_folders(workspace)
    _refuse_mixed_circulation(workspace)
    return workspace


def _refuse_mixed_folders(workspace: Workspace) -> None:
    """What the product writes must not come in again as a delivery, nor be removed as a pack."""
    root, chosen = workspace.root, {"inbox": workspace.inbox, "outputs": workspace.outputs}
    places = {name: root / name for name in (*FOLDERS, *PRIVATE_FOLDERS)} | chosen
    # By name alone: a share that is away must not make anybody wait.
    places = {name: Path(os.path.normpath(place)) for name, place in places.items()}
    for name in chosen:
        within = [other for other in places if other != name]
        if root.is_relative_to(places[name]) or any(
            places[name].is_relative_to(places[other]) for other in within
        ):
            raise SettingsError(
                "settings.toml, [paths]: inbox and outputs must lie apart from each other and "
                "from the workspace's own folders. Name folders that serve nothing else."
            )


def _refuse_mixed_circulation(workspace: Workspace) -> None:
    """What is circulated to one audience must reach no other, nor the inbox."""
    ours = [workspace.root, workspace.inbox, workspace.outputs]
    theirs = [workspace.root / f for f in workspace.settings.circulation.folders.values()]
    # By name alone, as above.
    places = [Path(os.path.normpath(place)) for place in (*ours, *theirs)]
    for n, place in enumerate(places[len(ours) :], start=len(ours)):
        if any(place.is_relative_to(p) or p.is_relative_to(place) for p in places[:n]):
            raise SettingsError(
                "settings.toml, [circulation]: each folder must lie outside of the workspace, and "
                "apart from the other folders there, from inbox and from outputs. Name other ones."
            )


def make_workspace(
    root: PathLike, *, name: str, marking: str | None, premises_names: bool | None
) -> Workspace:
    """Make a commented, ready-to-edit workspace.

    Parameters
    ----------
    root
        Folder to make; must not hold anything yet.
    name
        Name of the partnership, as printed on the outputs.
    marking, premises_names
        Protective marking of every page; whether tasking may see the names of premises. None
        leaves the choice open in settings.toml; publishing then asks for it.

    Returns
    -------
    Workspace
        The new one, as from `open_workspace`.

    Raises
    ------
    WorkspaceError
        If the folder exists and is not empty.
    """
    root = path_of(root, name="root")
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WorkspaceError(f"{root}: not empty. Name a new folder for the workspace.")
    make_folders(root)
    marking_line = (
        f'marking = "{_escaped(marking)}"' if marking else '# marking = "OFFICIAL-SENSITIVE"'
    )
    names_line = (
        "# premises_names = false"
        if premises_names is None
        else f"premises_names = {str(premises_names).lower()}"
    )
    text = SETTINGS_TEMPLATE.format(
        name=_escaped(name), marking=marking_line, premises_names=names_line
    )
    (root / "settings.toml").write_text(text, encoding="utf-8")
    return open_workspace(root)


def make_folders(root: Path) -> None:
    """Make the folders of a new workspace, private ones for their owner only."""
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for private in PRIVATE_FOLDERS:
        make_owner_only(root / private)
    (root / ".gitignore").write_text(_NOTHING_TO_COMMIT, encoding="utf-8")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
