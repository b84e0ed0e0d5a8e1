"""Tests of the faults: each is killed, and what is right is not."""
