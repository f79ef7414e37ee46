"""JSON: text, metadata, blocks and findings, in a schema that is versioned and shipped."""

import json
from typing import Any

from dehusk.document import Block, Document

SCHEMA_VERSION = 1
"""Raised when a key goes away or changes its meaning; new keys do not raise it. See ``schema.json`` beside this."""

# Line ends to Unicode, though not to JSON: programs that split at them would cut a JSON Lines record in two.
LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def to_dict(document: Document) -> dict[str, Any]:
    """Return the document as the schema describes it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "source": document.name or None,
        "format": document.format,
        "text": document.text,
        "metadata": document.metadata.to_dict(),
        "blocks": [_block(block) for block in document.blocks],
        "findings": [finding.to_dict() for finding in document.findings],
    }


def write(document: Document) -> str:
    """Return the document as one JSON object, indented."""
    return json.dumps(to_dict(document), ensure_ascii=False, indent=2) + "\n"


def write_line(document: Document) -> str:
    """Return the document as one line of JSON Lines."""
    line = json.dumps(to_dict(document), ensure_ascii=False, separators=(",", ":"))
    return line.translate(LINE_ENDS) + "\n"


def _block(block: Block) -> dict[str, Any]:
    return {
        "index": block.index,
        "kind": block.kind,
        "text": block.text,
        "line": block.line,
        "level": block.level,
        "path": [str(element) for element in block.path],
        "links": [{"start": link.start, "end": link.end, "url": link.url} for link in block.links],
    }
