"""wagtail-localize lets whoever may begin a translation publish it too, past the review; here that takes the right to."""

from __future__ import annotations

from django import forms
from wagtail.models import Page
from wagtail_localize.views.update_translations import UpdateTranslationsView

_form_as_shipped = UpdateTranslationsView.get_form


def get_form(view: UpdateTranslationsView) -> forms.Form:
    """Without the choice to publish at once, for those who may not publish the page."""
    form: forms.Form = _form_as_shipped(view)
    source = view.object.get_source_instance()
    if not isinstance(source, Page) or not source.permissions_for_user(view.request.user).can_publish():
        form.fields["publish_translations"].disabled = True
    return form


def keep_the_review() -> None:
    """The library offers no seam for this, so its view is given our form."""
    UpdateTranslationsView.get_form = get_form
