"""From file names to documents on disk: finding inputs, and writing outputs that are whole or not there."""

WARM = "dehusk.batch.warm"
"""The module that workers have loaded when they begin."""
