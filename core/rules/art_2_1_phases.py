"""Art. 2.1.1-2.1.4: what a contractor owes in which phase.

From the application on the financial rules hold. With the application come its fee and any information meetings asked
for (priced like an inspection); during the application period the start inspection; with the certificate the
contributions, each only where it applies. What was paid for an application is not paid back when no certificate
follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.vocabulary import Cost

if TYPE_CHECKING:
    from core.regulation import CostRule, Phase
    from core.tariff import Tariff

PHASES: tuple[Phase, ...] = ("application", "application_period", "certificate")


def costs_owed(tariff: Tariff, phase: Phase) -> tuple[CostRule, ...]:
    """The costs that may be charged in ``phase``; those tied to no phase come with each."""
    return tuple(rule for rule in tariff.costs.values() if rule.phase in (phase, "any"))


def phase_of(tariff: Tariff, cost: Cost) -> Phase:
    """The phase in which a cost arises."""
    return tariff.costs[cost].phase


def refundable(tariff: Tariff, cost: Cost) -> bool:
    """Whether ``cost`` is paid back when the certificate is not issued (policy ``application.refund``: never)."""
    before_certificate = phase_of(tariff, cost) in ("application", "application_period")
    return before_certificate and tariff.policies["application.refund"] != "never"
