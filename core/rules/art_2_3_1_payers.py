"""Art. 2.3.1: who pays whom.

The contractor pays the body that performed for meetings, inspections, founded complaints, counter-test sampling and
travel; the external laboratory for its controls; and bears the self-control, the samples, their repair and their
transport himself. A special certification regulation may say otherwise for the last two (art. 1.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.trace import Step, StepKind, Steps
from core.units import Unit
from core.vocabulary import Cost

if TYPE_CHECKING:
    from core.regulation import CostRule
    from core.tariff import Tariff


PAYER = StepKind("payer", "2.3.1", "{0} ({1})", (Unit.CODE, Unit.TEXT), Unit.CODE)


def payer(tariff: Tariff, cost: Cost, steps: Steps) -> CostRule:
    """To whom the contractor pays ``cost``, and the article that says so."""
    rule = tariff.costs[cost]
    steps += tariff.departed(f"payer.{cost}")
    operands = (f"COST:{cost.value}", rule.payer_article)
    steps.append(Step(PAYER, operands, f"paid_to:{rule.paid_to}"))
    return rule
