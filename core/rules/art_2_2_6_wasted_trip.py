"""Art. 2.2.6: a wasted trip caused by the contractor (nl: nutteloze verplaatsing, fr: déplacement inutile).

It is charged as an inspection with travel whose performance is one hour of presence. Whether the fixed fee is part of
it is the policy ``wasted_trip.fixed_fee``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.rules.art_2_2_4_inspection import Inspection, control_contribution
from core.rules.art_2_2_7_factors import Factors
from core.trace import Step, StepKind, Steps
from core.units import HOUR, Unit

if TYPE_CHECKING:
    from core.tariff import Tariff

WASTED_TRIP = StepKind("wasted_trip", "2.2.6", "{0}", (Unit.HOURS,), Unit.HOURS, policies=("wasted_trip.fixed_fee",))


def wasted_trip_fee(tariff: Tariff, factors: Factors, case: Inspection, steps: Steps) -> int:
    """The charge for a wasted trip, in cents; the presence of ``case`` does not count.

    Raises:
        ImpossibleValue, NotAvailable: as for an inspection.
    """
    presence = tariff.hours.wasted_trip * HOUR
    steps.append(Step(WASTED_TRIP, (presence,), presence))
    with_fixed_fee = tariff.policies["wasted_trip.fixed_fee"] == "included"
    return control_contribution(tariff, factors, case._replace(presence=presence), steps, with_fixed_fee=with_fixed_fee)
