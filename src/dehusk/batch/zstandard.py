"""Zstandard: in the standard library from Python 3.14 on, and for older versions in a package of the same shape."""

import sys
from importlib import import_module
from typing import Any


def zstd() -> Any:
    """Return the module, loaded when first asked for."""
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
