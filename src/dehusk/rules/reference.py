"""The documentation of rules, made from their docstrings and fields. ``dehusk rules`` and ``docs/`` show it."""

import re
from dataclasses import fields
from typing import Any

from dehusk.rules.base import Rule

SECTIONS = ("What it finds", "Why", "Example", "When to keep it")
"""What the docstring of every rule says, in this order, each at the beginning of a paragraph."""

_SECTION = re.compile(rf"^({'|'.join(SECTIONS)}):( ?)", re.MULTILINE)


def reference(rule: Rule) -> str:
    """Return the documentation of a rule as Markdown."""
    lines = [f"## {rule.code} {rule.name}", "", _SECTION.sub(r"**\1:**\2", rule.documentation()), ""]
    options = fields(rule)
    if options:
        lines += ["| option | default | meaning |", "| --- | --- | --- |"]
        for item in options:
            default = _toml(getattr(type(rule)(), item.name))
            lines.append(f"| `{item.name.replace('_', '-')}` | `{default}` | {item.metadata['help']} |")
        lines.append("")
    safety = "Its fix is safe: no content is lost." if rule.safe else "Its fix removes content."
    return "\n".join([*lines, safety, ""])


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return str(list(value))
    return repr(value)
