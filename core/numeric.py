"""Integer expressions that serve one case and a whole column alike.

Each takes ``int`` or a NumPy ``int64`` array and returns the same kind: no branch, no float, no NumPy import.
`half_up_div` is the one place that rounds an amount.
"""

from __future__ import annotations


def half_up_div(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded to a whole number, half away from zero.

    ``numerator`` must not be negative (no amount in the regulation is) and ``denominator`` must be positive.
    """
    return (2 * numerator + denominator) // (2 * denominator)


def at_least(value: int, minimum: int) -> int:
    """The larger of the two."""
    return value + (minimum - value) * (value < minimum)


def at_most(value: int, maximum: int) -> int:
    """The smaller of the two."""
    return value + (maximum - value) * (value > maximum)
