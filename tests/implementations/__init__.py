"""Tests of ``implementations``."""
