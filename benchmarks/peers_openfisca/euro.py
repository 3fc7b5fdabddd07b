# ruff: noqa: N801, N805 (OpenFisca names a variable after its class; a formula has no self)
"""The charges in euro, as packages for OpenFisca hold amounts: 32-bit floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, Period
from openfisca_core.populations import Population
from openfisca_core.variables import Variable

from benchmarks.peers_openfisca.entities import VISIT
from benchmarks.peers_openfisca.inputs import Charge

Floats = NDArray[np.float32]


class performance_fee(Variable):
    value_type = float
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Performance fee"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Floats:
        return np.round(parameters(period).hour * (visit("weighted_halves", period) / 2), 2)


class classified_performance_fee(Variable):
    value_type = float
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Performance fee at one factor"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Floats:
        return np.round(parameters(period).hour * (visit("classified_halves", period) / 2), 2)


class travel_fee(Variable):
    value_type = float
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Travel fee"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Floats:
        return np.round(parameters(period).round_trip * (visit("halves", period) / 2), 2)


class control_contribution(Variable):
    value_type = float
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Control contribution, or the charge for an application"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Floats:
        rates = parameters(period)
        fee = rates.fixed_fee + visit("performance_fee", period) + visit("travel_fee", period)
        return np.where(visit("charge", period) == Charge.application, rates.application, fee)


class classified_contribution(Variable):
    value_type = float
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Control contribution at one factor"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> Floats:
        fees = visit("classified_performance_fee", period) + visit("travel_fee", period)
        return parameters(period).fixed_fee + fees


VARIABLES = (performance_fee, classified_performance_fee, travel_fee, control_contribution, classified_contribution)
