"""What figures, flags and refusals are called on a page. No numpy here: pages read this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FLAGS = {
    "discrimination_negative": gettext_lazy("The weaker candidates answer it better: its key may be wrong."),
    "strong_candidates_choose_a_distractor": gettext_lazy(
        "Strong candidates choose a wrong option: the key may be wrong or two right."
    ),
    "differs_between_groups_c": gettext_lazy("It treats groups of equal ability very differently (class C)."),
    "discrimination_low": gettext_lazy("It hardly tells strong candidates from weak ones."),
    "too_hard": gettext_lazy("Hardly anybody gets it right."),
    "too_easy": gettext_lazy("Nearly everybody gets it right."),
    "distractor_unused": gettext_lazy("A wrong option is hardly ever chosen."),
    "left_out_often": gettext_lazy("It is often left out."),
    "differs_between_groups_b": gettext_lazy("It treats groups of equal ability somewhat differently (class B)."),
    "drifted": gettext_lazy("It has become easier or harder than its neighbours since earlier sittings."),
    "not_calibrated": gettext_lazy("The logistic model found no estimate for it."),
}
VERDICTS = {
    "fit": gettext_lazy("fit for use"),
    "watch": gettext_lazy("to be watched"),
    "unfit": gettext_lazy("unfit until reviewed"),
    "unknown": gettext_lazy("too few answers"),
}
SUBJECTS = {
    "classical": gettext_lazy("Facility, discrimination, options and alpha"),
    "1PL": gettext_lazy("Calibration by the one-parameter model"),
    "2PL": gettext_lazy("Calibration by the two-parameter model"),
    "consistency": gettext_lazy("Decision consistency"),
}
GROUPS = {
    "language": gettext_lazy("language"),
    "partner_kind": gettext_lazy("kind of partner"),
    "none": gettext_lazy("without a partner"),
    "university": gettext_lazy("university"),
    "institute": gettext_lazy("institute"),
    "enterprise": gettext_lazy("enterprise"),
}


def refusal_in_words(refusal: Mapping[str, Any]) -> str:
    """Why a figure is not claimed, as one sentence."""
    values = {**refusal, "what": SUBJECTS.get(refusal["what"], refusal["what"])}
    sentences = {
        "too_few_candidates": _("%(what)s: not claimed; that takes at least %(least)s candidates and there are %(n)s."),
        "too_few_items": _("%(what)s: not claimed; that takes at least %(least)s items that are right or wrong."),
        "partial_credit": _("%(what)s: not claimed; it needs answers that are right or wrong, without parts of a point."),
        "not_converged": _("%(what)s: not claimed; these answers give no stable estimates."),
        "no_reliability": _("%(what)s: not claimed; the reliability is not between 0 and 1, or all scores are alike."),
    }
    return sentences[refusal["code"]] % values
