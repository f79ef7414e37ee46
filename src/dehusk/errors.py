"""What can go wrong, as exceptions whose text is the one line a user reads."""


class DehuskError(Exception):
    """Base of every error that dehusk raises on purpose; ``str(error)`` is one readable line."""


class InputError(DehuskError):
    """An input that cannot be read as a page or as text: missing, binary, or damaged."""


class EmptyError(InputError):
    """An input with nothing in it, or nothing but white space."""

    def __init__(self) -> None:
        super().__init__("is empty; there is nothing to clean")


class ConfigError(DehuskError):
    """A configuration, rule selection or rule option that makes no sense; names what to change."""


class OutputError(DehuskError):
    """An output that cannot be written, or that two inputs would both write."""
