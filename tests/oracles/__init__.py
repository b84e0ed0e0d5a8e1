"""Tests of ``oracles``."""
