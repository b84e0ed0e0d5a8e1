"""Tests of ``identities``."""
