"""The unified diff between two versions of a file."""

from difflib import unified_diff

from dehusk.readers.encoding import decode


def unified(before: bytes, after: bytes, name: str) -> str:
    """Return the unified diff that makes ``after`` of ``before``; an empty string if they are equal."""
    old, new = _lines(before), _lines(after)
    lines = unified_diff(old, new, name, name)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    """Return the lines as diff and patch count them: only a line feed ends one."""
    lines = decode(data).split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
