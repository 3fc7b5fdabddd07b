"""An XML tree as a part of an Office package, or a file of its own."""

from __future__ import annotations

from xml.etree import ElementTree as ET


def xml_part(root: ET.Element) -> bytes:
    """The tree as UTF-8 with its declaration, a line an element."""
    ET.indent(root)
    part: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return part + b"\n"
