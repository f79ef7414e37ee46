"""What tells one state of the program from another, so that what an earlier one made is not taken for its own."""

from functools import cache
from pathlib import Path

from dehusk import __version__


@cache
def state_of_program() -> str:
    """Return what changes whenever the program does, also between two versions while it is worked on.

    It is made of what its files hold, and not of their times, so that it is the same wherever the same is installed.
    """
    from hashlib import blake2b

    package = Path(__file__).parent
    whole = blake2b(digest_size=16)
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".json", ".toml")):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(package).as_posix()} {len(data)}\n".encode())
        whole.update(data)
    return f"{__version__} {whole.hexdigest()}"
