from wagtail import hooks

from partners.viewsets import PartnersViewSetGroup


@hooks.register("register_admin_viewset")
def partners_viewsets() -> PartnersViewSetGroup:
    return PartnersViewSetGroup()
