"""What the portal refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class ExamQuotaUsedUp(DomainError):
    code = "exam_quota_used_up"
    message = _("The agreement's exam places are used up. Please contact us to extend it.")


class SittingNotOffered(DomainError):
    code = "sitting_not_offered"
    message = _("This sitting is closed or not open to this cohort.")
