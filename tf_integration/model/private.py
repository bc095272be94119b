"""Files that their owner alone can read: secrets, keys, and what is taken out."""

from __future__ import annotations

import os
from pathlib import Path


def write_private(file: Path, content: str | bytes) -> None:
    """Write a file of mode 0600 in folders of mode 0700, whole or not at all, in place of an earlier one."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content.encode() if isinstance(content, str) else content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
