from wagtail.snippets.models import register_snippet

from standards.viewsets import CatalogueViewSetGroup

register_snippet(CatalogueViewSetGroup)
