"""Many documents: finding them in files and archives, cleaning them in processes, writing outputs that are whole."""

WARM = "dehusk.batch.warm"
"""The module that workers have loaded when they begin."""
