"""What an identity amounts to: exact values, derived tolerances, proofs, finite differences."""
