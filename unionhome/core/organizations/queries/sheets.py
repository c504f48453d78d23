"""Sheets of unions: those handed in, what the register knows of their rows, and a branch as a sheet."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from unionhome.core.organizations.models import Division, Employer, Officer, Organization, UnionSheet
from unionhome.core.organizations.rules import Reach, reach_of
from unionhome.core.organizations.rules.employers import EmployerKey, KnownEmployers
from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.organizations.rules.sheet_judging import Firm, Known, Register
from unionhome.core.organizations.rules.sheets import SHEET_ROWS
from unionhome.core.registry import Actor, Forbidden, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_root, scope
from unionhome.kit.sheets import Refusal, pack_rows, unpack_rows

IMPORT = "organizations.import"
DAY = timedelta(days=1)
READ_AT_ONCE = 2000


def list_sheets(actor: Actor) -> QuerySet[UnionSheet]:
    """Sheets of the actor's branches, newest first."""
    rows = UnionSheet.objects.defer("rows_sealed", "refused_sealed", "outcomes").select_related("node", "user")
    return scope(rows, actor, IMPORT).order_by("-pk")


def get_sheet(actor: Actor, sheet_id: int) -> UnionSheet:
    """Raises NotFound out of the actor's branches."""
    found = list_sheets(actor).filter(pk=sheet_id).first()
    if found is None:
        raise NotFound()
    return found


def find_sheet(sheet_id: int) -> UnionSheet | None:
    """A sheet for the worker, with whoever handed it in and whoever confirmed it."""
    return UnionSheet.objects.select_related("user__node", "confirmed_by__node", "node").filter(pk=sheet_id).first()


def find_unfinished(actor: Actor, digest: str) -> UnionSheet | None:
    """The actor's last sheet of the same file that is neither entered nor given up."""
    rows = list_sheets(actor).filter(digest=digest, user=actor.user_id)
    return rows.filter(state__in=("uploaded", "checked", "applying", "stalled")).first()


def find_own_branch(actor: Actor) -> Node | None:
    """The branch a sheet of the actor may touch; None while the product stands empty. Raises Forbidden for nobody's."""
    if actor.is_system:
        return find_root()
    paths = sorted(actor.branches(IMPORT), key=lambda path: (not actor.node_path.startswith(path), len(path)))
    found = Node.objects.filter(path=paths[0]).first() if paths else None
    if found is None:
        raise Forbidden()
    return found


def list_old_sheets(before: datetime) -> QuerySet[UnionSheet]:
    """Sheets whose content may be kept no longer: handed in before a moment and not being entered."""
    return UnionSheet.objects.filter(erased_at__isnull=True, created_at__lt=before).exclude(state="applying")


def pack(rows: list[UnionRow] | list[Refusal]) -> bytes:
    """Rows sealed for a sheet."""
    return pack_rows(rows, field=SHEET_ROWS)


def read_rows(sheet: UnionSheet) -> list[UnionRow]:
    """The rows that wait to be entered."""
    return [UnionRow._make(each) for each in unpack_rows(sheet.rows_sealed, field=SHEET_ROWS)]


def list_refusals(sheet: UnionSheet) -> list[Refusal]:
    """The refused rows of a sheet that the caller has scoped, in their order, with the cells as they came."""
    return [Refusal._make(each) for each in unpack_rows(sheet.refused_sealed, field=SHEET_ROWS)]


# -- what the register knows -----------------------------------------------------------------------------------------


def list_division_codes() -> set[str]:
    """The 12-digit codes of all standing divisions."""
    return set(Division.objects.filter(ended_year=None).values_list("code", flat=True))


def get_reach_at(actor: Actor) -> Callable[[str], Reach]:
    """How far the actor's grants reach at any path, their levels read once."""
    grants = {grant.node_id: grant.path for grant in actor.grants if "organizations.manage" in grant.permissions}
    levels = dict(Node.objects.filter(pk__in=grants).values_list("pk", "level"))
    pairs = [(levels[pk], grants[pk]) for pk in levels]
    return lambda path: reach_of(pairs, path, is_system=actor.is_system)


def get_register() -> Register:
    """The whole register as a sheet is judged by it: some thousand unions, read in three queries."""
    unions = {known.row.code: known for known in map(_known, _list_rows(Organization.objects.all()))}
    standing = [known for known in unions.values() if not known.is_closed]
    firms = Employer.objects.values_list("uscc", "name", "division_id", "union__code").order_by("pk")
    return Register(
        unions=unions,
        usccs={known.row.uscc: known.row.code for known in unions.values() if known.row.uscc},
        firms=KnownEmployers(
            (EmployerKey(uscc, name, division), Firm(name, code or ""))
            for uscc, name, division, code in firms.iterator(chunk_size=READ_AT_ONCE)
        ),
        root=next((known.row.code for known in standing if not known.row.parent_code), ""),
        names={(known.row.parent_code, known.row.name): known.row.code for known in standing},
    )


_COLUMNS = (
    "node_id", "node__code", "node__name", "node__parent__code", "node__level", "form", "division_id", "uscc",
    "employer__uscc", "employer__name", "employer__nature", "employer__industry", "workers_count", "women_count",
    "founded_on", "approval_no", "term_no", "term_starts_on", "term_ends_on", "chair", "phone", "node__path",
    "node__closed_on", "node__opened_on",
)  # fmt: skip


def _list_rows(unions: QuerySet[Organization]) -> Iterator[tuple[object, ...]]:
    chair = Officer.objects.filter(organization=OuterRef("pk"), post="主席", committee="union", ends_on=None)
    rows = unions.annotate(chair=Subquery(chair.order_by("-starts_on").values("name")[:1]))
    return rows.order_by("node__path").values_list(*_COLUMNS).iterator(chunk_size=READ_AT_ONCE)


def _known(values: tuple[object, ...]) -> Known:
    node_id, *cells, path, closed_on, opened_on = values
    texts = [each.isoformat() if isinstance(each, date) else each for each in cells]
    row = UnionRow._make(
        [0, *(("" if each is None and place not in _NUMBERS else each) for place, each in enumerate(texts))]
    )
    first = min(filter(None, (row.founded_on, str(opened_on))))
    return Known(row, int(str(node_id)), str(path), closed_on is not None, first)


_NUMBERS = frozenset(
    place - 1 for place, name in enumerate(UnionRow._fields) if name in ("workers_count", "women_count", "term_no")
)


def list_export_rows(unions: QuerySet[Organization]) -> Iterator[UnionRow]:
    """Unions that the caller has scoped and filtered, as rows of a sheet, parents first."""
    for values in _list_rows(unions):
        yield _known(values).row
