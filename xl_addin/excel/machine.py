"""For which processor a Windows program or library was made."""

from __future__ import annotations

import struct
from pathlib import Path

_MACHINES = {0x014C: "x86", 0x8664: "x64", 0xAA64: "arm64"}


def machine(file: Path) -> str:
    """``x86``, ``x64`` or ``arm64`` as its header says; empty for anything that is no Windows program or library."""
    try:
        with file.open("rb") as program:
            head = program.read(64)
            if len(head) < 64 or head[:2] != b"MZ":
                return ""
            program.seek(struct.unpack_from("<I", head, 0x3C)[0])
            header = program.read(6)
    except OSError:
        return ""
    if len(header) < 6 or header[:4] != b"PE\0\0":
        return ""
    return _MACHINES.get(struct.unpack_from("<H", header, 4)[0], "")
