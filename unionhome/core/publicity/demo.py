"""Public notices of the demo: an open list of honours, relief posted in the town, one objected to, one run to its end."""

from typing import Any

from django.urls import reverse
from PIL import Image, ImageDraw

from unionhome.core.papers.actions import Scan, print_paper, seal_paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.publicity import actions, queries
from unionhome.core.publicity.actions import Complaint, Finding, Hanging, Photo, PublicDraft
from unionhome.core.publicity.models import Notice, Place
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.images import jpeg_of

HONOURS = PublicDraft(
    "publicity.honours",
    "关于“办实事”先进个人拟表彰名单的公示",
    ("name", "union", "honour"),
    (
        ("赵立新", "县总工会", "办实事先进个人"),
        ("钱小雨", "人民街道总工会", "办实事先进个人"),
        ("孙建", "园里堡社区工会", "办实事先进个人"),
    ),
)
RELIEF = (
    ("李向阳", "示例速运有限公司工会", "困难帮扶", "2000"),
    ("周明", "示例机械有限公司工会", "困难帮扶", "2000"),
    ("欧阳春梅", "环卫工会", "临时救助", "1200.50"),
)


def build(world: Any) -> None:
    """Four notices in four states, each walked through the actions."""
    made = [
        _posted(world, "county", HONOURS, Place.ONLINE, 1),
        _posted(world, "town", _relief("关于冬季慰问拟帮扶名单的公示"), Place.WORKPLACE, 2),
        _posted(world, "town", _relief("关于一季度困难帮扶名单的公示"), Place.COMMUNITY, 3),
        _posted(world, "town", _relief("关于秋季助困名单的公示"), Place.WORKPLACE, 20),
    ]
    _objected(world, made[2])
    actions.close_notice(_actor(world, "town", 2, 9), made[3].pk)
    town = _actor(world, "town", 0, 9)
    made.append(actions.draft_notice(town, _node(world, "town"), _relief("关于送温暖走访名单的公示")))
    world.tell("公示", len(made), len(made), "份")


def _relief(title: str) -> PublicDraft:
    return PublicDraft("publicity.relief", title, ("name", "union", "category", "amount"), RELIEF)


def _posted(world: Any, name: str, given: PublicDraft, place: str, days_ago: int) -> Notice:
    """Drawn up, printed, sealed and posted, so many days ago."""
    actor = _actor(world, name, days_ago, 9)
    notice = actions.draft_notice(actor, _node(world, name), given)
    actions.issue_notice(actor, notice.pk, back_url=reverse("publicity:notice", args=[notice.pk]))
    paper = find_paper(notice, queries.PAPER)
    if paper is not None:
        print_paper(actor, paper.pk)
        seal_paper(actor, paper.pk, [Scan("盖章件.jpg", draw("sheet"))])
    photos = () if place == Place.ONLINE else (Photo("公示栏.jpg", draw("board")),)
    return actions.post_notice(actor, notice.pk, Hanging(place, actor.at.date(), "", photos))


def _objected(world: Any, notice: Notice) -> None:
    """Two objections: one answered by the county, one that waits."""
    visitor = Actor.public(world.at(2, 20))
    first = actions.object_online(visitor, notice.public_id, Complaint("名单上第二个人今年已经领过一次。"))
    county = _actor(world, "county", 1, 10)
    text = "查了台账，上一次是去年的，今年没有领过。"
    finding = Finding(is_upheld=False, text=text, scans=(Photo("核查单.jpg", draw("sheet")),))
    actions.answer_objection(county, first.pk, finding)
    later = Actor.public(world.at(1, 19))
    actions.object_online(later, notice.public_id, Complaint("有一户住得比我们好，请再核一核。"))


def _node(world: Any, name: str) -> Node:
    found: Node = world.memo["nodes"][name]
    return found


def _actor(world: Any, name: str, days_ago: int, hour: int) -> Actor:
    acting: Actor = world.actor(name, world.at(days_ago, hour))
    return acting


def draw(what: str) -> bytes:
    """A drawn board on a wall, or a drawn sheet with a round seal."""
    image = Image.new("RGB", (480, 360), (206, 214, 206) if what == "board" else (250, 250, 246))
    pen = ImageDraw.Draw(image)
    if what == "board":
        pen.rectangle((60, 40, 420, 300), fill=(120, 84, 56))
        pen.rectangle((180, 70, 300, 250), fill=(250, 250, 246))
        pen.ellipse((250, 205, 286, 241), outline=(190, 40, 40), width=3)
    else:
        for line in range(60, 260, 24):
            pen.line((60, line, 420, line), fill=(120, 120, 120), width=3)
        pen.ellipse((310, 230, 400, 320), outline=(190, 40, 40), width=4)
    return jpeg_of(image)
