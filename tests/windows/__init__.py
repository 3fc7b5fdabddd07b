"""The Excel front in Windows programs, under Wine. `make test-windows` runs it; the other tests do not."""
