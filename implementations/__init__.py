"""Who claims it: one adapter per backend. Each module here, but those named below, is a backend.
``FRAMEWORK_PATH`` is another path through the code of ``FRAMEWORK``: what is recorded about one
holds for all of its paths, but where a record names some.

``protocol`` says what an adapter is, ``loading`` finds one by name, ``implementation`` is one
identity on one backend by one route, ``declared`` reads what is recorded about a backend.
"""
