"""Workbooks as a stranger may send them: what they hold besides cells, written part by part."""

from __future__ import annotations

import re
import threading
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

SECRET = "a secret of this computer"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Listener:
    """A server on this computer that counts who asks it for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.asked.append(f"{self.command} {self.path}")
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"4711")

            do_HEAD = do_OPTIONS = do_PROPFIND = do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def with_parts(file: Path, parts: Mapping[str, str | bytes], changes: Mapping[str, Mapping[str, str]]) -> None:
    """Adds parts to a workbook, and replaces text in those it has."""
    with zipfile.ZipFile(file) as old:
        content = {name: old.read(name) for name in old.namelist()}
    for name, replaced in changes.items():
        text = content[name].decode()
        for before, after in replaced.items():
            assert before in text
            text = text.replace(before, after)
        content[name] = text.encode()
    content |= {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(content, key=lambda name: name != "mimetype"):
            new.writestr(name, content[name])


def link_to(file: Path, number: int, target: str) -> None:
    """Links the workbook to another, from which ``[number]Sheet1!A1`` takes its value."""
    link = (
        f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_RELATIONSHIPS}" r:id="rId1"><sheetNames>'
        '<sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>'
    )
    where = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_RELATIONSHIPS}/externalLinkPath" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    _add_link(file, number, link, where)


def link_by_dde(file: Path, number: int, server: str, topic: str) -> None:
    """Links the workbook to a running program."""
    link = (
        f'<externalLink xmlns="{_MAIN}"><ddeLink ddeService="{server}" ddeTopic="{topic}"><ddeItems>'
        '<ddeItem name="A1" advise="1"/></ddeItems></ddeLink></externalLink>'
    )
    _add_link(file, number, link, f'<Relationships xmlns="{_PACKAGE}"/>')


def _add_link(file: Path, number: int, link: str, where: str) -> None:
    name = f"externalLinks/externalLink{number}.xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    reference = f'<externalReference r:id="rLink{number}"/>'
    with zipfile.ZipFile(file) as book:
        workbook = book.read("xl/workbook.xml").decode()
    if "<externalReferences>" in workbook:
        listed = {"</externalReferences>": f"{reference}</externalReferences>"}
    else:
        after = "</definedNames>" if "</definedNames>" in workbook else "</sheets>"
        listed = {after: f"{after}<externalReferences>{reference}</externalReferences>"}
    with_parts(
        file,
        {f"xl/{name}": link, f"xl/externalLinks/_rels/externalLink{number}.xml.rels": where},
        {
            "xl/workbook.xml": listed,
            "xl/_rels/workbook.xml.rels": {
                "</Relationships>": f'<Relationship Id="rLink{number}" Type="{_RELATIONSHIPS}/externalLink" '
                f'Target="{name}"/></Relationships>'
            },
            "[Content_Types].xml": {"</Types>": f'<Override PartName="/xl/{name}" ContentType="{kind}"/></Types>'},
        },
    )


def with_picture_from(file: Path, address: str) -> None:
    """Replaces the picture of a workbook that has one by one that is fetched from ``address``."""
    with zipfile.ZipFile(file) as book:
        drawing = book.read("xl/drawings/drawing1.xml").decode()
        where = book.read("xl/drawings/_rels/drawing1.xml.rels").decode()
    (embedded,) = re.findall(r'r:embed="\w+"', drawing)
    (target,) = re.findall(r'Target="[^"]*"', where)
    with_parts(
        file,
        {},
        {
            "xl/drawings/drawing1.xml": {embedded: embedded.replace("embed", "link")},
            "xl/drawings/_rels/drawing1.xml.rels": {target: f'Target="{address}" TargetMode="External"'},
        },
    )


OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"


def also_open_document(file: Path, made: Path, address: str) -> None:
    """Makes the workbook an OpenDocument as well, with a Python macro that runs when it is opened."""
    script = "vnd.sun.star.script:evil.py$main?language=Python&amp;location=document"
    namespaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("script", "script"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces} office:version="1.2" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" '
        'xmlns:dom="http://www.w3.org/2001/xml-events"><office:scripts><office:event-listeners>'
        f'<script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:href="{script}"/>'
        "</office:event-listeners></office:scripts><office:body><office:spreadsheet>"
        '<table:table table:name="S"><table:table-row><table:table-cell table:formula="of:=WEBSERVICE'
        f'(&quot;{address}/open-document&quot;)"/></table:table-row></table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    files = {"content.xml": "text/xml", "/": OPEN_DOCUMENT, "Scripts/python/evil.py": ""}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in files.items()
    )
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}'
    python = f"def main(*_):\n    open({str(made)!r}, 'w').close()\n"
    parts = {"mimetype": OPEN_DOCUMENT, "content.xml": content, "Scripts/python/evil.py": python}
    with_parts(file, parts | {"META-INF/manifest.xml": f"{manifest}</manifest:manifest>"}, {})


def with_basic(file: Path, project: bytes) -> None:
    """Gives the workbook a VBA project, as an .xlsm has; the name may stay .xlsx."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with_parts(
        file,
        {"xl/vbaProject.bin": project},
        {
            "[Content_Types].xml": {
                kind: "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                "</Types>": '<Override PartName="/xl/vbaProject.bin" '
                'ContentType="application/vnd.ms-office.vbaProject"/></Types>',
            },
            "xl/_rels/workbook.xml.rels": {
                "</Relationships>": '<Relationship Id="rBasic" Type="http://schemas.microsoft.com/office/2006/'
                'relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'
            },
        },
    )
