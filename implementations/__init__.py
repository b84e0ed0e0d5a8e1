"""Who claims it: one adapter per backend. Each module here, but those named below, is a backend.

``protocol`` says what an adapter is, ``loading`` finds one by name, ``implementation`` is one
identity on one backend by one route, ``declared`` reads what is recorded about a backend.
"""
