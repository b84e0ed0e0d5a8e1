"""The conformance suite: every law, for every identity, route, backend and type."""
