"""From how many answers on a figure is claimed at all. Where a number comes from is in docs/algorithms/statistics.md."""

from __future__ import annotations

# Facility, discrimination, distractors, omission, alpha: below this an interval is nearly the whole scale.
CLASSICAL = 20
# An option's own correlation needs so many who chose it.
CHOSE_OPTION = 5
# Linacre (1994): 100 candidates place an item within half a logit, at 95 percent.
ONE_PARAMETER = 100
# Drasgow (1989): 200 candidates suffice for the two-parameter model by marginal maximum likelihood.
TWO_PARAMETER = 200
ITEMS_TO_CALIBRATE = 3
# ETS (Zwick 2012): at least 200 in the smaller group and 500 together.
DIFFERENTIAL_GROUP = 200
DIFFERENTIAL_TOGETHER = 500
# Drift compares two shares with each other: fewer than 100 in either sitting tell nothing under 14 points of facility.
DRIFT_SITTING = 100
DRIFT_ITEMS = 5
# Kolen and Brennan (2014), section 8.4: 400 on each paper for linear equating; an anchor of a fifth of the paper or 20.
EQUATING_GROUP = 400
EQUATING_ANCHOR_SHARE = 0.2
EQUATING_ANCHOR_ITEMS = 20
# Times are medians: fewer than this and a single slow candidate moves them.
TIMES = 10
