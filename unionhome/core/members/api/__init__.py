"""The register for programs: members with covered facts, and transfers."""

from ninja import Router

from unionhome.core.members.api import files, transfers

router = Router()
router.add_router("", files.router)
router.add_router("", transfers.router)

__all__ = ["router"]
