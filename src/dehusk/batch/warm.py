"""What worker processes load before there is work, so that a new one is ready at once.

Imported in the process that workers are forked from, and in workers that are started afresh; nowhere else, as it sets
how many threads numerical libraries use: one, for the processes share the cores already, and so that the order of
sums, and with it the last digit of a score, does not depend on the machine.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")

# ruff: noqa: E402
import dehusk.batch.cleaning
import dehusk.batch.repeats
import dehusk.model.network
import dehusk.readers.encoding
import dehusk.readers.html
import dehusk.readers.text
import dehusk.writers.json
import dehusk.writers.markdown
import dehusk.writers.text  # noqa: F401
