"""Figures of the tree: how many unions stand, and how many employers they organise."""

from unionhome.core.organizations.rules import COUNTED_FORMS, FORMS, LEVELS
from unionhome.core.registry import Column, Figure

LEVEL_WORDS = dict(zip(LEVELS, ("市", "县", "镇", "村", "基层", "小组"), strict=True))
UNION = (
    Column("工会编码", "node__code"),
    Column("工会名称", "node__name"),
    Column("层级", "node__level", choices=LEVEL_WORDS),
    Column("工会类型", "form", choices=dict(FORMS)),
    Column("建会日期", "founded_on", "day"),
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
    Column("按期", "is_on_time", "yes_no"),
)
STOOD = ("active", "dissolved")
"""Unions in preparation never stood; dissolved ones stood until the day their node was closed."""

FIGURES = (
    Figure(
        code="organizations.unions",
        name="工会组织数",
        unit="个",
        kind="stock",
        basis="实名",
        definition="期末已成立、未撤销的各级各类工会组织，分会和工会小组不计；联合工会按一个计，覆盖单位另计。",
        owner="organizations",
        model="organizations.Organization",
        predicate={"status__in": STOOD, "form__in": COUNTED_FORMS},
        standing=("founded_on", "node__closed_on"),
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
        model="organizations.Organization",
        predicate={"status__in": STOOD, "form__in": ("single", "joint", "federation", "committee")},
        standing=("founded_on", "node__closed_on"),
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
        definition="期间任期届满的工会中，届满前已经选举、选举结果经上一级工会批准的，占全部任期届满的工会。",
        owner="organizations",
        model="organizations.Reelection",
        measure="share",
        predicate={"state__in": ("due", "started", "reported", "approved")},
        part={"state": "approved", "is_on_time": True},
        day="ended_on",
        place="node",
        columns=TERM,
        link="/desk/organizations/reelections/{pk}/",
    ),
)
