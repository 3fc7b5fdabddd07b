"""Tests of the LibreOffice front."""
