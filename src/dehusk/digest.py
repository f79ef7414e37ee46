"""Digests: what tells in a few bytes whether two contents are the same."""

import os
from pathlib import Path


def digest(*parts: bytes) -> bytes:
    """Return a digest of all parts, 20 bytes; where one ends and the next begins makes a difference."""
    from hashlib import blake2b  # late, as it takes a while to load and single documents need none

    whole = blake2b(digest_size=20)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.digest()


def digest_of_file(path: Path) -> bytes:
    """Return the digest of what a file holds, however large it is. Raises OSError."""
    from hashlib import blake2b

    with path.open("rb") as file:
        whole = blake2b(os.fstat(file.fileno()).st_size.to_bytes(8, "little"), digest_size=20)
        while chunk := file.read(1 << 20):
            whole.update(chunk)
    return whole.digest()
