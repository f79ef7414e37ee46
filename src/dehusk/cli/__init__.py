"""The command line: parsing, printing and exit codes. What the words mean is in the library."""

import os
import sys
from io import TextIOWrapper

EXIT_OK = 0
EXIT_FAILED = 1
"""Some input could not be read, was empty, or kept nothing; all others were cleaned."""
EXIT_FINDINGS = 1
"""Of `dehusk check`: there are findings."""
EXIT_USAGE = 2
"""An option, a configuration or an output is wrong; nothing was written."""
EXIT_INTERRUPTED = 130


def main() -> None:
    """Run the program and end the process with its exit code."""
    import signal

    if hasattr(signal, "SIGPIPE"):
        # As other filters do: end quietly when nobody reads on, as in `dehusk page.html | head`.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _open_standard_streams()
    import click

    from dehusk.cli.app import app
    from dehusk.cli.messages import error
    from dehusk.errors import DehuskError

    try:
        code = app.main(prog_name="dehusk", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as exception:
        context = getattr(exception, "ctx", None)
        command = context.command_path.removesuffix(" clean") if context else "dehusk"
        error(f"{exception.format_message().rstrip('.')}; see '{command} --help'")
        code = exception.exit_code
    except click.Abort:
        code = EXIT_INTERRUPTED
    except DehuskError as exception:
        error(str(exception))
        code = EXIT_USAGE
    except BrokenPipeError:
        code = EXIT_FAILED
    except OSError as exception:
        if exception.filename is not None:  # the streams have no names here; whatever has one is a mistake of ours
            raise
        error(f"standard output cannot be written: {exception.strerror or exception}")
        code = EXIT_USAGE
    _flush()
    sys.exit(code if isinstance(code, int) else EXIT_OK)


def _open_standard_streams() -> None:
    """Open those that are closed, so that no file is taken for one of them; reading and writing what counts fails."""
    for number, (name, mode, flags) in enumerate(
        [("stdin", "r", os.O_WRONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)]
    ):
        if getattr(sys, name) is None and os.open(os.devnull, flags) == number:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))
        # What the encoding of a terminal or a pipe has no bytes for is escaped; cleaned text is written as bytes.
        if mode == "w" and isinstance(stream := getattr(sys, name), TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    """Write what is still to be written, and forget it when that fails, as Python would complain of it at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
