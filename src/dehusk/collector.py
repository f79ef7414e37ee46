"""Making many objects without Python's cyclic garbage collector looking through them again and again."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def uncollected(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Return ``function`` with the collector off while it runs, if it was on.

    A page is thousands of objects that refer to each other but never in circles. The collector starts anew for every
    few hundred of them and finds nothing, for a tenth to a fifth of the time that cleaning takes. Reference counts free
    them all the same. Mercurial builds its large containers in the same way.
    """

    @wraps(function)
    def run(*arguments: _Parameters.args, **options: _Parameters.kwargs) -> _Result:
        if not gc.isenabled():
            return function(*arguments, **options)
        gc.disable()
        try:
            return function(*arguments, **options)
        finally:
            gc.enable()

    return run
