from django.db import models


class StarterRecord(models.Model):
    """What the starter content gave last to one row, so that loading it again changes nothing and never undoes
    what somebody has edited in the back office since. `kind` and `key` name the row; it may have been deleted."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="starter_record_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
