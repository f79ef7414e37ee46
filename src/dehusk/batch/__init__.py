"""From file names to documents on disk: finding inputs, and writing outputs that are whole or not there."""
