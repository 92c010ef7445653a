from django.db import models
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """That a person agreed to, or acknowledged, a text: which text, in which language, when. Never changed."""

    class Purpose(models.TextChoices):
        TERMS = "terms", _("terms of use")
        PRIVACY = "privacy", _("privacy notice")
        EXAM_RULES = "exam_rules", _("exam rules")
        CODE_OF_CONDUCT = "code_of_conduct", _("code of conduct")

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30, choices=Purpose)
    text_sha256 = models.CharField(max_length=64)
    locale = models.CharField(max_length=10)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "purpose", "text_sha256"], name="consent_once_per_text")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.given_at:%Y-%m-%d}"
