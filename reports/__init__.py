"""What a run found: the ledger that it writes, and the views that are made from the ledger.

Every view (terminal, Markdown, HTML) reads the same `Ledger` and needs nothing else, so that a
report can be made again from an old ledger, on a machine without any of the libraries tested.
"""
