"""Art. 2.2.2: a flat fee for each certification application.

Nl: vergoeding per certificatieaanvraag, fr: indemnité par demande de certification. The rate is that of the day on
which the application is received (policy ``tariff.date``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.trace import Step, StepKind, Steps
from core.units import Unit
from core.vocabulary import Item

if TYPE_CHECKING:
    from core.tariff import Tariff

APPLICATION_FEE = StepKind(
    "application_fee", "2.2.2", "{0} × {1}", (Unit.NUMBER, Unit.EURO), Unit.EURO, policies=("tariff.date",)
)


def application_fee(tariff: Tariff, applications: int, steps: Steps) -> int:
    """The fee for ``applications`` applications, in cents.

    Raises:
        NotAvailable: the index of the year is not recorded.
    """
    rate = tariff.rate(Item.APPLICATION, steps)
    fee = applications * rate
    steps.append(Step(APPLICATION_FEE, (applications, rate), fee))
    return fee
