"""The ``copro`` command in a process of its own, on a day in January 2027 whatever the day is."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

from xl_addin import Session
from xl_addin.cli.main import main


def on_that_day() -> None:
    """Lets every session think that it is 8 January 2027."""
    opened = Session.open

    def opened_then(*given: Any, **named: Any) -> Session:
        session = opened(*given, **named)
        session.today = lambda: date(2027, 1, 8)
        return session

    Session.open = opened_then  # type: ignore[method-assign]


if __name__ == "__main__":
    on_that_day()
    sys.exit(main())
