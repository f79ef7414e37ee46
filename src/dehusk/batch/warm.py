"""What worker processes load before there is work, so that a new one is ready at once.

Imported in the process that workers are forked from, and in workers that are started afresh; nowhere else, as it sets
how many threads numerical libraries use: one, for the processes share the cores already, and so that the order of
sums, and with it the last digit of a score, does not depend on the machine.

A page and a text are cleaned for the sake of what is loaded, compiled and remembered on the way. All that is there by
then, workers share, and the garbage collector need not look through it: in a worker it runs only when objects are left
over that nobody refers to but each other, which parsers leave few of.
"""

import gc
import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")

# ruff: noqa: E402
import dehusk.batch.cleaning
import dehusk.batch.repeats
import dehusk.readers.encoding
import dehusk.writers.json
import dehusk.writers.markdown
import dehusk.writers.text  # noqa: F401
from dehusk import clean

_OBJECTS = 50_000

_TEXT = "“Rain is expected,” said the harbour master. Read more about it."
_PAGE = f"<html lang=en><title>Rain</title><body><ul><li><a href=/>News</a></ul><h1>Rain</h1><p>{_TEXT} {_TEXT}</html>"

clean(_PAGE.encode())
clean(f"Rain\n\n{_TEXT}\n\n{_TEXT}\n")
gc.collect()
gc.freeze()
gc.set_threshold(_OBJECTS)
