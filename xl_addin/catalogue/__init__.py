"""The worksheet functions: the only list of them. Every front, the help and the documentation are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xl_addin.catalogue import inspection, invoice, late_payment, tariff, why
from xl_addin.catalogue.model import Argument, Call, Function, Kind

__all__ = ["FUNCTIONS", "Argument", "Call", "Function", "Kind"]

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for module in (tariff, inspection, invoice, late_payment, why)
        for function in module.FUNCTIONS
    }
)
