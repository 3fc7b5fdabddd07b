"""Who or what is charged: a visit."""

from __future__ import annotations

from openfisca_core.entities import build_entity

VISIT = build_entity(key="visit", plural="visits", label="A row of a register", is_person=True)
