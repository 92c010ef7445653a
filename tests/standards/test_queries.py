"""What can be asked of the catalogue."""

import pytest
from django.utils import translation

from standards.models import Relation, Standard
from standards.queries import catalogue, neighbours_of, standard_in_full
from tests.factories.standards import StandardFactory, StandardsBodyFactory

pytestmark = pytest.mark.django_db


def test_catalogue_narrows_by_layer_body_stage_and_words():
    wanted = StandardFactory(designation="ISO/IEC 24029", edition={"stage": "draft"})
    StandardFactory(designation="GB/T 1", body=StandardsBodyFactory(slug="tc260", name="SAC/TC260"), edition={"stage": "draft"})
    StandardFactory(layer=Standard.Layer.PLATFORM, edition={"stage": "draft"})
    StandardFactory(edition={"stage": "published"})

    found = catalogue(layer="technology", body="sc42", stage="draft", text="24029 networks")

    assert list(found) == [wanted]


def test_catalogue_finds_chinese_inside_a_title():
    wanted = StandardFactory(title_zh="面向机器学习的数据标注规程")
    StandardFactory(title_zh="平台计算资源规范")

    assert list(catalogue(text="标注")) == [wanted]


def test_catalogue_sorts_by_year_of_the_current_edition():
    newer = StandardFactory(edition={"published": "2025-03"})
    older = StandardFactory(edition={"published": "2022"})

    assert list(catalogue(ordering="-published")) == [newer, older]
    assert list(catalogue(ordering="; drop table")) == [newer, older]


def test_neighbours_read_both_ways():
    ours, theirs = StandardFactory(), StandardFactory()
    Relation.objects.create(source=ours, target=theirs, kind="adopts")

    with translation.override("en"):
        outward = neighbours_of(standard_in_full().get(pk=ours.pk))
        inward = neighbours_of(standard_in_full().get(pk=theirs.pk))

    assert [(neighbour.words, neighbour.standard) for neighbour in outward] == [("adopts", theirs)]
    assert [(neighbour.words, neighbour.standard) for neighbour in inward] == [("is adopted by", ours)]


def test_standard_in_full_costs_the_same_for_one_and_three_relations(django_assert_num_queries):
    lonely, busy = StandardFactory(), StandardFactory()
    Relation.objects.create(source=lonely, target=busy, kind="supports")
    for _count in range(3):
        Relation.objects.create(source=busy, target=StandardFactory(), kind="supports")

    for standard in (lonely, busy):
        with django_assert_num_queries(5):
            full = standard_in_full().get(pk=standard.pk)
            neighbours_of(full)
