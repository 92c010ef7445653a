"""Standards, tracks, levels and competences."""

from __future__ import annotations

from typing import Any

import factory

from standards.models import Competence, Edition, Level, Standard, StandardsBody, Track


class StandardsBodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StandardsBody
        django_get_or_create = ("slug",)

    slug = "sc42"
    name = "ISO/IEC JTC 1/SC 42"


class StandardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Standard
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"standard-{number}")
    designation = factory.Sequence(lambda number: f"ISO/IEC {10000 + number}")
    title = factory.Sequence(lambda number: f"Robustness of networks, part {number}")
    title_zh = "神经网络鲁棒性"
    scope = "How to measure it."
    body = factory.SubFactory(StandardsBodyFactory)
    doc_type = "standard"
    layer = Standard.Layer.TECHNOLOGY

    @factory.post_generation
    def edition(self, create: bool, extracted: dict[str, Any] | None, **_kwargs: Any) -> None:
        fields = {"identifier": f"{self.designation}:2024", "stage": "published", "published": "2024", **(extracted or {})}
        Edition.objects.create(standard=self, **fields)


class TrackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Track
        django_get_or_create = ("code",)

    code = "PT"
    slug = factory.LazyAttribute(lambda track: f"track-{track.code.lower()}")
    title = "Professional technology"
    title_zh = "专业技术"
    position = 1


class LevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Level
        django_get_or_create = ("code",)

    code = "L1"
    title = "Foundation"
    title_zh = "基础级"
    position = 1


class CompetenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Competence
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"PT-{number + 1}")
    title = "Threat modelling"
    title_zh = "威胁建模"
