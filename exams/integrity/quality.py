"""That translations know their source, over what is stored; `check_integrity` runs it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from common.integrity import Violation, invariant
from exams.models import Translation
from exams.queries.bank import full_versions
from exams.queries.sources import source_words
from exams.translations import digest_of

AT_ONCE = 200


@invariant(10, "a version's source digest is that of its words")
def source_digests_match() -> Iterator[Violation]:
    """Versions from before translations were followed have none."""
    versions = full_versions().exclude(source_digest="").prefetch_related("stimulus__wordings").order_by("pk")
    for version in versions.iterator(chunk_size=AT_ONCE):
        if digest_of(source_words(version)) != version.source_digest:
            yield Violation(f"item version {version.pk}", "its source reads differently from its digest")


@invariant(10, "no paper was sealed in a language that was behind its source")
def sealed_languages_were_fresh() -> Iterator[Violation]:
    """The marks of an approved version never change, so what is stale now was stale when it was sealed."""
    sealed = Translation.objects.stale().filter(
        version__paper_items__paper__renderings__language=F("language"), version__paper_items__paper__digest__gt=""
    )
    for paper, version in sealed.values_list("version__paper_items__paper", "version").distinct():
        yield Violation(f"paper {paper}", f"item version {version} was stale in a language it was sealed in")
