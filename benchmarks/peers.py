"""The same inspection fee as others would write it: what our call is compared with.

Both peers price a weekday inspection at the 2023 rates, with one round trip: less than ours does (no data, no checks,
no steps, no other day or year).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

EPOCH = datetime(1899, 12, 30)
CENT = Decimal("0.01")


def with_decimal(serial: float, hours: float) -> Decimal:
    """Python's ``decimal``, a textbook version: exact."""
    start = EPOCH + timedelta(days=serial)
    charged = max(1, int(Decimal(str(hours)) + Decimal("0.5")))
    factors = Decimal(0)
    for hour in range(charged):
        clock = (start + timedelta(hours=hour)).hour
        factors += Decimal("1.5") if clock >= 18 or clock < 6 else Decimal(1)
    performance = (Decimal("125.82") * factors).quantize(CENT, ROUND_HALF_UP)
    return Decimal("360.30") + performance + Decimal("228.92")


def with_floats(serial: float, hours: float) -> float:
    """Binary floats, as a macro would: fast, and not exact."""
    start = serial % 1 * 24
    charged = max(1, int(hours + 0.5))
    factors = sum(1.5 if (start + hour) % 24 >= 18 or (start + hour) % 24 < 6 else 1 for hour in range(charged))
    return round(360.30 + 125.82 * factors + 228.92, 2)
