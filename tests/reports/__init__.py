"""Tests of the ledger and of the views made from it."""
