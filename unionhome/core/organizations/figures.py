"""Figures of the tree: how many unions stand, and how many employers they organise."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.organizations.rules import COUNTED_FORMS, COVERAGES, FORMS, LEVELS, NATURE_GROUPS
from unionhome.core.registry import Column, Figure

LEVEL_WORDS = dict(zip(LEVELS, ("市", "县", "镇", "村", "基层", "小组"), strict=True))
UNION = (
    Column("工会编码", "node__code"),
    Column("工会名称", "node__name"),
    Column("层级", "node__level", choices=LEVEL_WORDS),
    Column("工会类型", "form", choices=dict(FORMS)),
    Column("建会日期", "node__organization__founded_on", "day"),
)
COVERED = (
    Column("单位名称", "employer__name"),
    Column("所在地", "employer__division__name"),
    Column("所属工会", "node__name"),
    Column("覆盖起", "starts_on", "day"),
)
TERM = (
    Column("工会编码", "node__code"),
    Column("工会名称", "node__name"),
    Column("本届止", "ended_on", "day"),
    Column("选举日期", "election__held_on", "day"),
    Column("批准文号", "approval_no"),
    Column("按期", "counts_on_time", "yes_no"),
)
CELL = (
    Column("网格编码", "code"),
    Column("网格名称", "name"),
    Column("所在地", "division__name"),
    Column("负责工会", "node__name"),
    Column("设立日期", "starts_on", "day"),
)
PLACE = (
    Column("地方", "division__name"),
    Column("上一级", "division__parent__name"),
    Column("负责工会", "node__name"),
    Column("已覆盖", "is_covered", "yes_no"),
    Column("从哪天起", "starts_on", "day"),
)
EMPLOYER = (
    Column("单位名称", "employer__name"),
    Column("所在地", "division__name"),
    Column("职工人数", "employer__workers_count", "number"),
    Column("负责工会", "node__name"),
    Column("已建工会", "is_covered", "yes_no"),
    Column("从哪天起", "starts_on", "day"),
)
UNORGANIZED = (
    Column("单位名称", "employer__name"),
    Column("所在地", "division__name"),
    Column("职工人数", "employer__workers_count", "number"),
    Column("负责工会", "node__name"),
    Column("从哪天起", "starts_on", "day"),
)
PUBLIC_NATURES, PRIVATE_NATURES = NATURE_GROUPS["public"][1], NATURE_GROUPS["private"][1]


def _unions(noun: str, name: str, definition: str, predicate: Mapping[str, Any]) -> Figure:
    """A part of the unions: by level, by form, or by the nature of the employer."""
    return Figure(
        code=f"organizations.{noun}_unions",
        name=name,
        unit="个",
        kind="stock",
        basis="实名",
        definition=f"期末已成立、未撤销的{definition}。",
        owner="organizations",
        model="organizations.UnionSpan",
        predicate=predicate,
        standing=("starts_on", "ends_on"),
        place="node",
        columns=UNION,
        openness="public",
    )


def _gap(code: str, kind: str, definition: str, columns: tuple[Column, ...]) -> Figure:
    """What one question of coverage leaves open: the rows of the page of gaps."""
    return Figure(
        code=f"organizations.{code}",
        name=dict(COVERAGES)[kind],
        unit="家" if kind == "employer" else "个",
        kind="stock",
        basis="实名",
        definition=definition,
        owner="organizations",
        model="organizations.Coverage",
        predicate={"kind": kind, "is_covered": False},
        standing=("starts_on", "ends_on"),
        place="node",
        columns=columns,
    )


FOUNDING_RATE = Figure(
    code="organizations.founding_rate",
    name="建会率",
    unit="%",
    kind="ratio",
    basis="实名",
    definition="期末登记在册、职工 25 人以上的用人单位中，已由工会组建或覆盖的，占全部这样的用人单位。",
    owner="organizations",
    model="organizations.Coverage",
    measure="share",
    predicate={"kind": "employer", "is_due": True},
    part={"is_covered": True},
    standing=("starts_on", "ends_on"),
    place="node",
    columns=EMPLOYER,
)
PARTS = (
    _unions("county", "县级工会数", "县（市、区）总工会", {"form": "local", "node__level": "county"}),
    _unions("town", "镇街工会数", "乡镇、街道工会", {"form": "town"}),
    _unions("village", "村社区工会数", "村、社区工会", {"form": "village"}),
    _unions("single", "独立基层工会数", "独立基层工会", {"form": "single"}),
    _unions("joint", "联合基层工会数", "联合基层工会，按一个计，覆盖单位另计", {"form": "joint"}),
    _unions("federation", "工会联合会数", "区域性、行业性工会联合会", {"form": "federation"}),
    _unions("committee", "工会工作委员会数", "工会工作委员会", {"form": "committee"}),
    _unions(
        "public_enterprise",
        "公有制企业工会数",
        "独立基层工会，单位性质为国有、集体、国有独资或国有控股",
        {"form": "single", "nature__in": PUBLIC_NATURES},
    ),
    _unions(
        "private_enterprise",
        "非公企业工会数",
        "独立基层工会，单位性质为私营、港澳台商、外商投资和其他非公有制企业",
        {"form": "single", "nature__in": PRIVATE_NATURES},
    ),
    _unions("institution", "事业单位工会数", "事业单位独立基层工会", {"form": "single", "nature": "400"}),
    _unions("organ", "机关工会数", "机关独立基层工会", {"form": "single", "nature": "500"}),
    _unions("self_employed", "个体经营工会数", "个体经营单位独立基层工会", {"form": "single", "nature": "600"}),
    _unions("social", "社会组织工会数", "民办非企业等社会组织独立基层工会", {"form": "single", "nature": "700"}),
)
GRID = (
    Figure(
        code="organizations.grid_cells",
        name="网格数",
        unit="个",
        kind="stock",
        basis="实名",
        definition="期末在用的工会网格。",
        owner="organizations",
        model="organizations.GridCell",
        standing=("starts_on", "ends_on"),
        place="node",
        columns=CELL,
    ),
    Figure(
        code="organizations.grid_coverage",
        name="网格员覆盖率",
        unit="%",
        kind="ratio",
        basis="实名",
        definition="期末至少有一个在任网格员的村、社区，占全部村、社区。",
        owner="organizations",
        model="organizations.Coverage",
        measure="share",
        predicate={"kind": "worker"},
        part={"is_covered": True},
        standing=("starts_on", "ends_on"),
        place="node",
        columns=PLACE,
    ),
)
GAPS = (
    _gap(
        "employers_without_union",
        "employer",
        "期末登记在册、没有由任何工会组建的用人单位，与“覆盖缺口”同一批行。",
        UNORGANIZED,
    ),
    _gap("towns_without_union", "town", "期末没有自己的工会的镇、街道，与“覆盖缺口”同一批行。", PLACE),
    _gap("villages_without_union", "village", "期末没有自己的工会的村、社区，与“覆盖缺口”同一批行。", PLACE),
    _gap("villages_without_worker", "worker", "期末没有在任网格员的村、社区，与“覆盖缺口”同一批行。", PLACE),
)

FIGURES = (
    Figure(
        code="organizations.unions",
        name="工会组织数",
        unit="个",
        kind="stock",
        basis="实名",
        definition="期末已成立、未撤销的各级各类工会组织，分会和工会小组不计；联合工会按一个计，覆盖单位另计。",
        owner="organizations",
        model="organizations.UnionSpan",
        predicate={"form__in": COUNTED_FORMS},
        standing=("starts_on", "ends_on"),
        place="node",
        columns=UNION,
        openness="public",
        board="now",
        order=10,
    ),
    Figure(
        code="organizations.grassroots_unions",
        name="基层工会数",
        unit="个",
        kind="stock",
        basis="实名",
        definition="期末已成立、未撤销的独立基层工会、联合基层工会、工会联合会和工会工作委员会。",
        owner="organizations",
        model="organizations.UnionSpan",
        predicate={"form__in": ("single", "joint", "federation", "committee")},
        standing=("starts_on", "ends_on"),
        place="node",
        columns=UNION,
        openness="public",
    ),
    Figure(
        code="organizations.employers",
        name="工会覆盖单位数",
        unit="家",
        kind="stock",
        basis="实名",
        definition="期末由独立基层工会或联合基层工会组建工会的用人单位，一家单位只计一次。",
        owner="organizations",
        model="organizations.CoveredUnit",
        standing=("starts_on", "ends_on"),
        place="node",
        columns=COVERED,
        openness="public",
    ),
    Figure(
        code="organizations.joint_employers",
        name="联合工会覆盖单位数",
        unit="家",
        kind="stock",
        basis="实名",
        definition="期末由联合基层工会覆盖的用人单位。",
        owner="organizations",
        model="organizations.CoveredUnit",
        predicate={"node__organization__form": "joint"},
        standing=("starts_on", "ends_on"),
        place="node",
        columns=COVERED,
    ),
    Figure(
        code="organizations.timely_reelections",
        name="按期换届率",
        unit="%",
        kind="ratio",
        basis="实名",
        definition="期间任期届满的工会中，届满前已经选举、选举结果经上一级工会批准的，占全部任期届满的工会；届满以后才改任期或撤销的、所属期间封账以后才批准的，算没有按期；封账以后才登记的任期，从封账以后的第一天计。",
        owner="organizations",
        model="organizations.Reelection",
        measure="share",
        predicate={"state__in": ("due", "started", "reported", "approved", "lapsed")},
        part={"state": "approved", "counts_on_time": True},
        day="counts_on",
        place="node",
        columns=TERM,
        link="/desk/organizations/reelections/{pk}/",
    ),
    FOUNDING_RATE,
    *PARTS,
    *GRID,
    *GAPS,
)
