"""Writers turn documents into text. ``WRITERS`` is the table of output formats."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from dehusk.document import Document

Writer = Callable[[Document], str]


class Output(NamedTuple):
    """An output format: where its writer is, what its files are called, and how documents join to a stream."""

    module: str
    function: str
    suffix: str
    separator: str
    is_text: bool
    """Whether the output is only the text, so that a document without any has none."""

    def write(self, document: Document) -> str:
        """Return ``document`` in this format."""
        writer: Writer = getattr(import_module(self.module), self.function)
        return writer(document)


WRITERS: Mapping[str, Output] = {
    "text": Output("dehusk.writers.text", "write", ".txt", "\n", True),
    "markdown": Output("dehusk.writers.markdown", "write", ".md", "\n", True),
    "markdown+images": Output("dehusk.writers.markdown", "write_with_images", ".md", "\n", True),
    "json": Output("dehusk.writers.json", "write", ".json", "", False),
    "jsonl": Output("dehusk.writers.json", "write_line", ".jsonl", "", False),
}
"""Format to writer, in the order in which help lists them."""
