# ruff: noqa: N801, N805 (OpenFisca names a variable after its class; a formula has no self)
"""The charges in whole cents: 32-bit integers, exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, Period
from openfisca_core.populations import Population
from openfisca_core.variables import Variable

from benchmarks.peers_openfisca.entities import VISIT
from benchmarks.peers_openfisca.inputs import Charge

Ints = NDArray[np.int32]


def _cents(rate: float) -> int:
    return round(rate * 100)


class performance_cents(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Performance fee in cents"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Ints:
        return (_cents(parameters(period).hour) * visit("weighted_halves", period) + 1) // 2


class classified_performance_cents(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Performance fee at one factor in cents"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Ints:
        return (_cents(parameters(period).hour) * visit("classified_halves", period) + 1) // 2


class travel_cents(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Travel fee in cents"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Ints:
        return (_cents(parameters(period).round_trip) * visit("halves", period) + 1) // 2


class control_contribution_cents(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Control contribution, or the charge for an application, in cents"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Ints:
        rates = parameters(period)
        fee = _cents(rates.fixed_fee) + visit("performance_cents", period) + visit("travel_cents", period)
        return np.where(visit("charge", period) == Charge.application, _cents(rates.application), fee)


class classified_contribution_cents(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Control contribution at one factor in cents"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Ints:
        fees = visit("classified_performance_cents", period) + visit("travel_cents", period)
        return _cents(parameters(period).fixed_fee) + fees


VARIABLES = (
    performance_cents,
    classified_performance_cents,
    travel_cents,
    control_contribution_cents,
    classified_contribution_cents,
)
