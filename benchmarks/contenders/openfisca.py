"""OpenFisca-Core: a simulation for each tariff year, with the country package beside this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from openfisca_core.simulations import SimulationBuilder

from benchmarks.contenders.tariff import SERIAL_2024, YEARS
from benchmarks.data import Ints
from benchmarks.peers_openfisca import CountryTaxBenefitSystem

Column = NDArray[np.generic]
Floats = NDArray[np.float64]
Run = Callable[[], Column]
_DAY_ZERO = np.datetime64("1899-12-30")


def _simulated(
    system: CountryTaxBenefitSystem, variable: str, year: int, inputs: Mapping[str, Column], rows: int
) -> Column:
    """The variable of all rows of one year."""
    simulation = SimulationBuilder().build_default_simulation(system, count=rows)
    for name, column in inputs.items():
        simulation.set_input(name, str(year), column)
    return simulation.calculate(variable, str(year))


def _by_year(
    system: CountryTaxBenefitSystem, variable: str, later: NDArray[np.bool_], inputs: Mapping[str, Column]
) -> Column:
    answers = np.empty(len(later), system.variables[variable].dtype)
    for year, rows in zip(YEARS, (~later, later), strict=True):
        there = {name: column[rows] for name, column in inputs.items()}
        answers[rows] = _simulated(system, variable, year, there, int(rows.sum()))
    return answers


def _ready(variable: str, minutes: Ints, halves: Ints, years: Ints) -> Run:
    system = CountryTaxBenefitSystem()
    return lambda: _by_year(system, variable, years != YEARS[0], {"presence": minutes, "halves": halves})


def _raw(variable: str, starts: Floats, hours: Floats, charges: Ints) -> Run:
    system = CountryTaxBenefitSystem()

    def run() -> Column:
        minutes = np.rint(starts * 1440).astype(np.int64)  # 32-bit floats cannot hold a serial with its time
        inputs = {
            "start_day": _DAY_ZERO + minutes // 1440,
            "start_minute": minutes % 1440,
            "presence": np.rint(hours * 60).astype(np.int64),
            "charge": charges,
        }
        return _by_year(system, variable, starts >= SERIAL_2024, inputs)

    return run


def ready_float(*columns: Ints) -> Run:
    return _ready("classified_contribution", *columns)


def ready_exact(*columns: Ints) -> Run:
    return _ready("classified_contribution_cents", *columns)


def raw_float(*columns: Floats) -> Run:
    return _raw("control_contribution", *columns)


def raw_exact(*columns: Floats) -> Run:
    return _raw("control_contribution_cents", *columns)
