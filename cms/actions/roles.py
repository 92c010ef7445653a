"""What staff roles may do in the back office, and who reviews what authors submit."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from accounts.models import Role

WORKFLOW = "Editorial review"
PAGE_RIGHTS = {
    Role.AUTHOR: ["add_page", "change_page"],
    Role.ADMINISTRATOR: ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"],
}
FILE_RIGHTS = {Role.AUTHOR: ["add", "change", "choose"], Role.ADMINISTRATOR: ["add", "change", "delete", "choose"]}
# What an administrator keeps beside pages: the catalogue and the courses' records.
CATALOGUE = [
    ("standards", ["standardsbody", "standard", "competence", "track", "level"]),
    ("courses", ["course", "lesson"]),
]


@transaction.atomic
def set_up_roles() -> None:
    """Give every role its group and its rights on pages, files and the catalogue, and set up the review. Idempotent.

    Authors write and submit; administrators approve, publish and keep the catalogue. Rights of the item bank are
    set up by `exams`.
    """
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in Role.values}
    _grant_admin(groups)
    for role, names in PAGE_RIGHTS.items():
        _grant_pages(groups[role], names)
    for role, verbs in FILE_RIGHTS.items():
        _grant_files(groups[role], verbs)
    _grant_catalogue(groups[Role.ADMINISTRATOR])
    _set_up_review(groups[Role.ADMINISTRATOR])


def _grant_admin(groups: dict[str, Group]) -> None:
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for role in (Role.AUTHOR, Role.ADMINISTRATOR):
        groups[role].permissions.add(access)


def _grant_pages(group: Group, names: list[str]) -> None:
    root = Page.get_first_root_node()
    kind = ContentType.objects.get_for_model(Page)
    for permission in Permission.objects.filter(content_type=kind, codename__in=names):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _grant_files(group: Group, verbs: list[str]) -> None:
    root = Collection.get_first_root_node()
    for model in (get_image_model(), get_document_model()):
        kind = ContentType.objects.get_for_model(model)
        names = [f"{verb}_{model._meta.model_name}" for verb in verbs]
        for permission in Permission.objects.filter(content_type=kind, codename__in=names):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _grant_catalogue(group: Group) -> None:
    for app, models in CATALOGUE:
        group.permissions.add(*Permission.objects.filter(content_type__app_label=app, content_type__model__in=models))
    localize = Permission.objects.filter(content_type__app_label="wagtail_localize", codename="submit_translation")
    group.permissions.add(*localize)
    Group.objects.get(name=Role.AUTHOR).permissions.add(*localize)


def _set_up_review(reviewers: Group) -> None:
    """One step: an administrator approves, and approving publishes. Takes the place of Wagtail's own workflow."""
    task, _ = GroupApprovalTask.objects.get_or_create(name=WORKFLOW)
    task.groups.set([reviewers])
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
