"""Tests of ``laws``."""
