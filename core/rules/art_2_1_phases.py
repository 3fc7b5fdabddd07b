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

BEFORE_CERTIFICATE: tuple[Phase, ...] = ("application", "application_period")
"""The phases that end with the certificate, or without one."""


def costs_owed(tariff: Tariff, phase: Phase) -> tuple[CostRule, ...]:
    """The costs that may be charged in ``phase``; those tied to no phase come with each."""
    return tuple(rule for rule in tariff.costs.values() if rule.phase in (phase, "any"))


def refundable(tariff: Tariff, cost: Cost) -> bool:
    """Whether ``cost`` is paid back when the certificate is not issued (policy ``application.refund``: never)."""
    before_certificate = tariff.costs[cost].phase in BEFORE_CERTIFICATE
    return before_certificate and tariff.policies["application.refund"] != "never"
