"""The words of the papers by which unions are founded and re-elected."""

from datetime import date

from unionhome.core.organizations.models import Election, Founding, Reelection
from unionhome.kit.dates import day_text
from unionhome.kit.papers import Letter

COLUMNS = ("委员会", "姓名", "职务", "得票")
COMMITTEE_WORDS = {"union": "工会委员会", "audit": "经费审查委员会", "women": "女职工委员会"}


def request_letter(founding: Founding) -> Letter:
    """筹建请示."""
    unit = founding.employer.name if founding.employer else founding.name
    facts = f"{unit}现有职工 {founding.workers_count or 0} 人，其中女职工 {founding.women_count or 0} 人，"
    wish = f"已有 {founding.members_count or 0} 人提出入会申请。"
    paragraphs = [
        "根据《中华人民共和国工会法》和《中国工会章程》的规定，为依法维护职工合法权益，"
        f"拟成立{founding.name}。现将有关情况请示如下。",
        facts + wish,
    ]
    if founding.leader_name:
        paragraphs.append(f"已成立工会筹备组，负责人{founding.leader_name}，负责发展会员、筹备会员（代表）大会。")
    if founding.party_opinion:
        paragraphs.append(f"单位党组织意见：{founding.party_opinion}")
    return Letter(
        title=f"关于筹建{founding.name}的请示",
        addressee=founding.approver.name,
        paragraphs=tuple(paragraphs),
        closing="妥否，请批示。",
        signer=f"{founding.name}筹备组",
        date="",
    )


def reply_letter(founding: Founding) -> Letter:
    """同意筹建批复."""
    return Letter(
        organ=f"{founding.approver.name}文件",
        title=f"关于同意筹建{founding.name}的批复",
        addressee=f"{founding.name}筹备组",
        paragraphs=(
            f"你们《关于筹建{founding.name}的请示》收悉。经研究，同意筹建{founding.name}。",
            "请依照《中华人民共和国工会法》《中国工会章程》和《工会基层组织选举工作条例》，抓紧发展会员，酝酿提出"
            "工会委员会、经费审查委员会和女职工委员会候选人，召开会员（代表）大会选举，并将选举结果报我会批准。",
            "单位主要负责人及其近亲属不得作为工会委员会成员的人选。",
        ),
        closing="特此批复。",
        signer=founding.approver.name,
        date="",
    )


def report_letter(name: str, approver: str, election: Election, *, signer: str, organ: str = "") -> Letter:
    """选举结果报告, of a founding or of a re-election."""
    words = election.get_assembly_display()
    return Letter(
        organ=organ,
        title=f"关于{name}第{election.term_no}届委员会选举结果的报告",
        addressee=approver,
        paragraphs=(
            f"{name}于{day_text(election.held_on)}召开{words}，应到 {election.entitled_count} 人，"
            f"实到 {election.attended_count} 人，以无记名投票方式选举产生第{election.term_no}届工会委员会、"
            f"经费审查委员会{'和女职工委员会' if _has_women(election) else ''}，每届任期 {election.term_years} 年。",
            "当选人得票均超过应到人数的半数，单位主要负责人及其近亲属没有作为候选人。当选名单如下：",
        ),
        columns=COLUMNS,
        rows=seat_rows(election),
        closing="请予批准。",
        signer=signer,
        date="",
    )


def seat_rows(election: Election) -> tuple[tuple[str, ...], ...]:
    """Those elected, as lines of a table."""
    return tuple(
        (COMMITTEE_WORDS[seat["committee"]], seat["name"], seat["post"], f"{seat['votes']} 票")
        for seat in election.seats
    )


def _has_women(election: Election) -> bool:
    return any(seat["committee"] == "women" for seat in election.seats)


def _chair(election: Election) -> str:
    return next((seat["name"] for seat in election.seats if seat["post"] == "主席"), "")


def _approved(name: str, election: Election, last: date) -> str:
    count = sum(seat["committee"] == "union" for seat in election.seats)
    return (
        f"{name}第{election.term_no}届委员会由 {count} 人组成，{_chair(election)}任主席，任期 {election.term_years} 年，"
        f"从{day_text(election.term_starts_on)}起到{day_text(last)}止。"
    )


def approval_letter(founding: Founding, election: Election, last: date) -> Letter:
    """成立批复. `last` is the term's last day."""
    return Letter(
        organ=f"{founding.approver.name}文件",
        title=f"关于成立{founding.name}的批复",
        addressee=f"{founding.name}筹备组",
        paragraphs=(
            f"你们关于选举结果的报告收悉。经研究，同意成立{founding.name}，同意选举结果。",
            _approved(founding.name, election, last),
            "请及时刻制印章，办理工会法人资格登记，开设工会经费银行账户。",
        ),
        columns=COLUMNS,
        rows=seat_rows(election),
        closing="特此批复。",
        signer=founding.approver.name,
        date="",
    )


def term_request_letter(reelection: Reelection) -> Letter:
    """换届请示."""
    name = reelection.node.name
    return Letter(
        organ=f"{name}文件",
        title=f"关于{name}换届选举的请示",
        addressee=reelection.approver.name,
        paragraphs=(
            f"{name}本届委员会任期到{day_text(reelection.ended_on)}届满。根据《中国工会章程》和"
            f"《工会基层组织选举工作条例》，拟召开会员（代表）大会，选举产生第{reelection.term_no}届委员会、"
            "经费审查委员会和女职工委员会。",
        ),
        closing="妥否，请批示。",
        signer=name,
        date="",
    )


def term_approval_letter(reelection: Reelection, election: Election, last: date) -> Letter:
    """换届批复. `last` is the new term's last day."""
    name = reelection.node.name
    return Letter(
        organ=f"{reelection.approver.name}文件",
        title=f"关于{name}换届选举结果的批复",
        addressee=name,
        paragraphs=(
            f"你会关于第{election.term_no}届委员会选举结果的报告收悉。经研究，同意选举结果。",
            _approved(name, election, last),
        ),
        columns=COLUMNS,
        rows=seat_rows(election),
        closing="特此批复。",
        signer=reelection.approver.name,
        date="",
    )
