"""The divisions in which the sample rows lie."""

from unionhome.core.organizations.models import Division

DIVISIONS = (
    ("610500", "渭南市", "city", ""),
    ("610502", "临渭区", "county", "610500"),
    ("610503", "华州区", "county", "610500"),
    ("610502001", "人民街道", "town", "610502"),
    ("610502002", "杜桥街道", "town", "610502"),
    ("610503001", "华州街道", "town", "610503"),
    ("610502001001", "园里堡社区", "village", "610502001"),
    ("610502001002", "南塘社区", "village", "610502001"),
)


def enter_divisions() -> None:
    """Enter them all."""
    made: dict[str, Division] = {}
    for code, name, level, parent in DIVISIONS:
        made[code] = Division.objects.create(
            code=code.ljust(12, "0"), name=name, level=level, parent=made.get(parent), prefix=code, year=2023
        )
