"""Which unions may become one, and which may be divided."""

from collections.abc import Collection

from unionhome.core.registry import BadInput, Refused

HOLDERS = ("village", "grassroots", "group")
"""Levels of unions that hold members, and so may take over those of others."""


FIXED = "地方工会随行政区划设立和撤销。"
"""工会法第十一条: federations of divisions stand and fall with the division."""


def check_obstacle(name: str, obstacle: str) -> None:
    """Before a form is filled in for nothing: raise Refused where something stands in the way whatever is written."""
    if obstacle:
        raise Refused(f"{name}：{obstacle}", "local-fixed" if obstacle == FIXED else "own-matter")


def check_merger(source_name: str, is_local: bool, form: str, target_form: str, target_level: str) -> None:
    """Whether a union may be merged into that target. Raises Refused, or BadInput at field `codes`."""
    if is_local:
        raise Refused(f"{source_name}：{FIXED}", "local-fixed")
    if target_level not in HOLDERS:
        sentence = "县、镇工会不直接管会员，请并到基层工会或村（社区）工会。"
        raise BadInput(sentence, "bad-target", fields={"codes": sentence})
    if target_form == "group" and form != "group":
        sentence = f"{source_name}是基层工会，不能并到工会小组里。"
        raise BadInput(sentence, "bad-target", fields={"codes": sentence})


COVERING = ("joint", "village", "town", "federation", "committee")
"""Forms of unions that may organise the workers of several employers."""


def check_covers(target_form: str, follows: bool, employers: int) -> None:
    """A single-employer union organises its own employer only. Raises BadInput at field `employers`."""
    if target_form not in COVERING and follows and employers:
        sentence = "独立基层工会、分会和小组只管本单位。原单位还在的，请并到联合基层工会；原单位已经不在的，请选“单位已经不在”。"
        raise BadInput(sentence, "single-employer", fields={"employers": sentence})


def check_split(chosen: Collection[int], covered: Collection[int], form: str) -> None:
    """A split takes some of the covered employers and leaves some. Raises BadInput at field `employers` or `form`."""
    sentence = ""
    if not chosen:
        sentence = "请至少选一家分出去的单位。"
    elif not set(chosen) <= set(covered):
        sentence = "选的单位里有的不由这个工会覆盖了，请刷新后重新选。"
    elif set(chosen) == set(covered):
        sentence = "全部单位都分出去就不是分立了，至少要留一家；要改名请用“更名”。"
    if sentence:
        raise BadInput(sentence, "bad-split", fields={"employers": sentence})
    if form == "single" and len(chosen) != 1:
        sentence = "独立基层工会只有一家单位；分出几家的请选联合基层工会。"
        raise BadInput(sentence, "bad-form", fields={"form": sentence})
    if form not in ("single", "joint"):
        sentence = "分出来的工会是独立基层工会或联合基层工会。"
        raise BadInput(sentence, "bad-form", fields={"form": sentence})
