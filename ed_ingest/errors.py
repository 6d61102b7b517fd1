"""Errors that a user can mend: one sentence with the remedy, and an exit code."""

from __future__ import annotations


class EdHotspotsError(Exception):
    """A file, setting or question that the user can mend. The command prints it without traceback.

    The message says where, what was expected and what to do. It may count; it never holds a
    cell's value.
    """

    exit_code = 2


class WorkspaceError(EdHotspotsError):
    """The workspace is missing, incomplete or not writable."""


class SettingsError(EdHotspotsError):
    """A setting or a provider's file is missing or wrong."""


class FileError(EdHotspotsError):
    """A delivered file cannot be read as what it claims to be."""


class OtherProviderError(EdHotspotsError):
    """A file is plainly another provider's.

    Parameters
    ----------
    found
        What was found.
    named, dropped
        What to do where the provider was named on the command line, and where the file was dropped
        into its folder of the inbox.
    """

    def __init__(self, found: str, *, named: str, dropped: str) -> None:
        super().__init__(f"{found} {named}")
        self.words_if_dropped = f"{found} {dropped}"


class MappingError(EdHotspotsError):
    """The provider's mapping names what the file does not have."""


class AgreementError(EdHotspotsError):
    """No sharing agreement covers the delivery."""


class ReferenceDataError(EdHotspotsError):
    """Reference data are missing or cannot be read."""


class StoreError(EdHotspotsError):
    """The store cannot be opened or does not hold what was asked for."""


class LeaseError(EdHotspotsError):
    """Another service runs the workspace."""


class AlreadyTakenError(EdHotspotsError):
    """The very file was stored by another run at the same time."""

    def __init__(self) -> None:
        super().__init__("This very file was taken by another run at the same time.")


class AnalysisError(EdHotspotsError):
    """The question cannot be answered from these records."""


class CirculationError(EdHotspotsError):
    """A pack could not be copied to its folders, or the notice of it could not be sent."""
