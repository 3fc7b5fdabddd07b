"""The ``copro`` command."""

from xl_addin.cli.main import main

__all__ = ["main"]
