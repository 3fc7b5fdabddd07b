"""Art. 2.3.1: who pays whom, cost by cost."""

from __future__ import annotations

from datetime import date

import pytest

from core.loading import load
from core.rules.art_2_3_1_payers import payer
from core.trace import Steps
from core.vocabulary import Cost

TARIFF = load().tariff(date(2023, 3, 6))
ELSEWHERE = {
    "APPLICATION": ("certification_body", "2.1.2.1"),
    "CERTIFICATION_CONTRIBUTION": ("certification_body", "2.1.4"),
    "EXECUTION_CONTRIBUTION": ("certification_body", "2.1.4"),
    "EXTERNAL_LABORATORY": ("laboratory", "2.3.1.2"),
    "SELF_CONTROL": ("nobody", "2.3.1.3"),
    "SAMPLES": ("nobody", "2.3.1.3"),
    "REPAIRS": ("nobody", "2.3.1.3"),
    "SAMPLE_TRANSPORT": ("nobody", "2.3.1.3"),
}


@pytest.mark.parametrize("cost", Cost)
def test_payer(cost: Cost) -> None:
    steps: Steps = []
    rule = payer(TARIFF, cost, steps)
    assert (rule.paid_to, rule.payer_article) == ELSEWHERE.get(cost, ("performing_body", "2.3.1.1"))
    assert steps[0].operands == (f"COST:{cost}", rule.payer_article)
    assert steps[0].value == f"paid_to:{rule.paid_to}"
