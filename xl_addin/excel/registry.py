"""Reading the Windows registry, behind a small protocol so that another source can stand in for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Literal, Protocol

Root = Literal["user", "machine"]


class Registry(Protocol):
    """What is asked of the registry."""

    def values(self, root: Root, key: str) -> Mapping[str, object]:
        """The values of a key by their names in lower case (``""``: the key's own); none where there is no such key."""


class WindowsRegistry:
    """The registry of this computer, as 64-bit programs see it."""

    def values(self, root: Root, key: str) -> Mapping[str, object]:
        if sys.platform != "win32":
            return {}
        import winreg

        top = winreg.HKEY_CURRENT_USER if root == "user" else winreg.HKEY_LOCAL_MACHINE
        found: dict[str, object] = {}
        try:
            with winreg.OpenKey(top, key, access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
                for number in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = winreg.EnumValue(opened, number)
                    found[name.lower()] = value
        except OSError:
            return found
        return found
