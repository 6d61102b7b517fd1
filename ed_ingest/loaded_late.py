"""Public names of a package that load their module when first asked for.

So that importing the package takes milliseconds: pandas, geopandas and scikit-learn alone take more
than a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loaded_late(
    package: dict[str, Any], modules: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make a package's ``__getattr__`` and ``__dir__``.

    Parameters
    ----------
    package
        The package's ``globals()``; a name is put there once it is loaded.
    modules
        Public name -> the module of the package that holds it.
    """

    def get(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package['__name__']}.{modules[name]}"), name)
        package[name] = value
        return value

    def names() -> list[str]:
        return sorted({*package, *package["__all__"]})

    return get, names
