"""dehusk strips the husk from web text: pages or extracted text in, clean text out, a reason for every cut.

>>> import dehusk
>>> document = dehusk.clean("Rain is expected.\\n\\nLeave a Reply\\n")
>>> document.text
'Rain is expected.\\n'
>>> [(finding.rule, finding.line) for finding in document.findings]
[('C001', 3)]
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from dehusk.collector import uncollected
from dehusk.config import Config, default
from dehusk.document import Block, Document, Element, Finding, Metadata
from dehusk.edits import Drop, Keep, Replace
from dehusk.errors import ConfigError, DehuskError, InputError, OutputError
from dehusk.pipeline import run
from dehusk.readers import parse, read
from dehusk.rules.base import Rule

if TYPE_CHECKING:
    from dehusk.linter.report import Diagnostic

__version__ = "0.1.0"

__all__ = [
    "Block",
    "Config",
    "ConfigError",
    "DehuskError",
    "Document",
    "Drop",
    "Element",
    "Finding",
    "InputError",
    "Keep",
    "Metadata",
    "OutputError",
    "Replace",
    "Rule",
    "check",
    "clean",
    "parse",
    "read",
    "run",
]


@uncollected
def clean(
    source: bytes | str,
    *,
    format: str | None = None,  # noqa: A002
    url: str | None = None,
    config: Config | None = None,
) -> Document:
    """Return the document in ``source`` with its husk removed, and the findings that say what was and why.

    ``source`` is a page or plain text; which of them is told by its content unless ``format`` (``html`` or ``text``)
    says. Bytes may be in any encoding, and compressed with gzip. ``url`` is where the page came from. Without
    ``config`` the default rules run; configuration files are not looked for.

    Raises InputError for bytes that are not text, ConfigError for a configuration that makes no sense, and TypeError
    for what is neither bytes nor a string, such as a path.
    """
    if isinstance(source, str):
        document = parse(source, format=format, url=url or "")
    elif isinstance(source, bytes):
        document = next(read(source, format=format, url=url or ""))
    else:
        raise TypeError(f"a page or text is bytes or a string, not {type(source).__name__}; read a file first")
    rules: Iterable[Rule] = (config or default()).active
    document, findings = run(document, rules)
    return replace(document, findings=findings)


def check(text: str, *, name: str = "", config: Config | None = None) -> "tuple[Diagnostic, ...]":
    """Return what the linter has to say of a plain text, in order of place; nothing if it is clean.

    Each diagnostic has a ``rule``, a ``message``, its place from ``line`` and ``column`` to ``end_line`` and
    ``end_column``, the ``text`` that it is about, and says whether a ``fix`` is ``safe``, ``unsafe`` or ``none``.
    ``name`` is that of the file, if there is one: files of Markdown are held to other rules of white space. That the
    last line is not ended is no fault of a text in a program. Without ``config`` the default rules run.

    Raises TypeError for what is no string.
    """
    if not isinstance(text, str):
        raise TypeError(f"a text is a string, not {type(text).__name__}; decode bytes first")
    from dehusk.linter.inspect import inspect

    rules = tuple(rule for rule in (config or default()).linted if not rule.of_files)
    return inspect(text, rules, name=name).findings
