"""Unions, their foundings and their terms for programs."""

from ninja import Router

from unionhome.core.organizations.api import foundings, terms, unions

router = Router(tags=["organizations"])
router.add_router("", unions.router)
router.add_router("", foundings.router)
router.add_router("", terms.router)
