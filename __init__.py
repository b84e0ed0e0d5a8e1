"""Property-based conformance tests for gradients."""
