"""The suite's own tests, mirroring the folders, and ``conformance``, the product."""
