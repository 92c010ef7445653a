"""What the answers say about items, papers and groups: pure functions on arrays, no rows, no requests.

Everything here needs numpy and scipy, so only commands and tasks import it, never a page (docs/algorithms/statistics.md
has the formulas, the sources and the limits). Below `minima` nothing is claimed: a figure is then `None`, with a reason.
"""
