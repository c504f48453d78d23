"""A paper as PDF."""

from unionhome.core.papers.models import Paper
from unionhome.core.registry import Refused
from unionhome.kit.errors import InputRefused
from unionhome.kit.papers import Letter, render_letter


def paper_pdf(paper: Paper) -> bytes:
    """Raises Refused with plain words where the machine has no Chinese face."""
    day = paper.dated_on
    letter = Letter(
        title=paper.title, number=paper.number, date=f"{day.year}年{day.month}月{day.day}日", **paper.letter
    )
    try:
        return render_letter(letter)
    except InputRefused as refused:
        raise Refused(refused.sentence, refused.code) from refused
