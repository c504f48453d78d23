"""Conditions on rows that Django has no words for."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.lookups import In


class Among(In):
    """`In` for hundreds of ids: PostgreSQL takes them as one array, where each mark of a list is paid for by its own.

    Use: `rows.filter(Among(F("node"), ids))`; the ids are whole numbers.
    """

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        ids = ",".join(str(int(each)) for each in self.rhs)
        if not ids:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*params, f"{{{ids}}}"]
