# ruff: noqa: N801, N805 (OpenFisca names a variable after its class; a formula has no self)
"""What is known of a visit, and its hours."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, Period
from openfisca_core.populations import Population
from openfisca_core.variables import Variable

from benchmarks.contenders import tariff
from benchmarks.peers_openfisca.entities import VISIT

_HALVES, _WEIGHTS = np.array(tariff.HALVES, np.int32), np.array(tariff.WEIGHTS, np.int32)
_SATURDAY = np.datetime64("1970-01-03")


class Charge(Enum):
    """What a row is charged as."""

    inspection = "Inspection"
    wasted_trip = "Wasted trip"
    application = "Application"


class presence(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Minutes present"


class charge(Variable):
    value_type = Enum
    entity = VISIT
    definition_period = DateUnit.YEAR
    possible_values = Charge
    default_value = Charge.inspection
    label = "What the row is charged as"


class start_day(Variable):
    value_type = date
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Day on which the visit starts"


class start_minute(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Minute of the day at which the visit starts"


class hours_charged(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Whole hours charged"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> NDArray[np.int32]:
        hours = np.maximum((visit("presence", period) + 30) // 60, 1)
        return np.where(visit("charge", period) == Charge.wasted_trip, 1, hours)


class hour_of_week(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Hour of the week at which the visit starts, from Saturday on"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> NDArray[np.int32]:
        day = (visit("start_day", period) - _SATURDAY).astype(np.int32) % 7
        return day * 24 + visit("start_minute", period) // 60


class halves(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Twice the factor at the start"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> NDArray[np.int32]:
        return _HALVES[visit("hour_of_week", period)]


class weighted_halves(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "Twice the sum of the factors of the hours charged"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> NDArray[np.int32]:
        return _WEIGHTS[visit("hour_of_week", period) * tariff.COUNTS + visit("hours_charged", period)]


class classified_halves(Variable):
    value_type = int
    entity = VISIT
    definition_period = DateUnit.YEAR
    label = "The same where one factor is known to hold for all hours"

    def formula(visit: Population, period: Period, parameters: ParameterNode) -> NDArray[np.int32]:
        return visit("hours_charged", period) * visit("halves", period)


VARIABLES = (
    presence,
    charge,
    start_day,
    start_minute,
    hours_charged,
    hour_of_week,
    halves,
    weighted_halves,
    classified_halves,
)
