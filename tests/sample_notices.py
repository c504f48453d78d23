"""A sample notice of a union that hangs, with an objection that was answered."""

from dataclasses import dataclass

from tests.moves import picture
from tests.worlds import World
from unionhome.core.files.models import SealedFile
from unionhome.core.papers.actions import Scan, print_paper, seal_paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.publicity import actions, queries
from unionhome.core.publicity.actions import Complaint, Finding, Hanging, Photo, PublicDraft
from unionhome.core.publicity.models import Answer, Notice, Objection, Posting
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node

PHOTO = Photo("公示栏.jpg", picture())


@dataclass
class Shown:
    """One of each."""

    notice: Notice
    posting: Posting
    photo: SealedFile
    objection: Objection
    letter: SealedFile
    answer: Answer


def issue_and_seal(actor: Actor, notice: Notice) -> Notice:
    """Give it to the office and take the sealed copy back."""
    actions.issue_notice(actor, notice.pk, address="/open/notices/x/", back_url="/desk/publicity/")
    return seal(actor, notice)


def seal(actor: Actor, notice: Notice) -> Notice:
    """Print it, seal it, and take the sealed copy back."""
    paper = find_paper(notice, queries.PAPER)
    assert paper is not None
    print_paper(actor, paper.pk)
    seal_paper(actor, paper.pk, [Scan("盖章件.jpg", picture())])
    notice.refresh_from_db()
    return notice


def make_notice(world: World, mine: Actor, node: Node, number: int) -> Shown:
    """One of each at a union of the test world. `mine` belongs to the union."""
    rows = ((f"样人{'甲乙丙丁戊己庚辛'[number % 8]}", node.name, "先进个人"),)
    given = PublicDraft("publicity.honours", f"第{number}份样例公示", ("name", "union", "honour"), rows)
    notice = issue_and_seal(mine, actions.draft_notice(mine, node, given))
    actions.post_notice(mine, notice.pk, Hanging("workplace", world.today, photos=(PHOTO,)))
    told = Complaint(f"第{number}份样例异议。", photos=(PHOTO,))
    objection = actions.object_online(world.actor("public"), notice.public_id, told)
    finding = Finding(is_upheld=False, text=f"第{number}份样例答复。", scans=(PHOTO,))
    actions.answer_objection(world.actor("system"), objection.pk, finding)
    notice.refresh_from_db()
    objection.refresh_from_db()
    posting = Posting.objects.get(notice=notice)
    letters, _ = queries.list_letters(world.actor("system"), objection)
    ((_, photos),) = queries.list_postings(notice)
    return Shown(notice, posting, photos[0], objection, letters[0], Answer.objects.get(objection=objection))
