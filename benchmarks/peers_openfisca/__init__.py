"""This tariff as a tiny country package for OpenFisca-Core: one entity, four parameters, a variable for each part.

The period is the tariff year. OpenFisca holds numbers in 32 bits: euro in ``float``, as its packages do, and beside
them whole cents in ``int``.
"""

from __future__ import annotations

from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from benchmarks.peers_openfisca import cents, euro, inputs
from benchmarks.peers_openfisca.entities import VISIT


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """The tariff."""

    def __init__(self) -> None:
        super().__init__([VISIT])
        for module in (inputs, euro, cents):
            self.add_variables(*module.VARIABLES)
        self.load_parameters(str(Path(__file__).with_name("parameters")))
