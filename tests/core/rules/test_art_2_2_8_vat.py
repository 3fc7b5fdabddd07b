"""Art. 2.2.8: the VAT of a document, on the total or line by line."""

from __future__ import annotations

import pytest

from core.rules.art_2_2_8_vat import document_vat


@pytest.mark.parametrize(
    ("amounts", "total", "line"),
    [
        ([], 0, 0),
        ([10000], 2100, 2100),
        ([50, 50, 50], 32, 33),  # 1.50 -> 0.315 -> 0.32; 0.50 -> 0.105 -> 0.11 three times
        ([102, 102], 43, 42),  # 2.04 -> 0.4284 -> 0.43; 1.02 -> 0.2142 -> 0.21 twice
    ],
)
def test_document(amounts: list[int], total: int, line: int) -> None:
    assert document_vat(iter(amounts), 2100, "total") == total
    assert document_vat(iter(amounts), 2100, "line") == line
