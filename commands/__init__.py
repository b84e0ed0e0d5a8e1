"""What the command ``gradient-conformance`` does: run, list, explain."""
