from unionhome.core.registry import Card, Nav, Permission, Room


class PapersRoom(Room):
    name = "unionhome.core.papers"
    label = "papers"
    verbose_name = "公文"
    default = True
    card = Card(
        title="公文",
        icon="rubber-stamp",
        doors=("desk",),
        nav=(Nav("公文", "papers:list", "rubber-stamp", permission="papers.view", order=60, group=2),),
        permissions=(
            Permission("papers.view", "查看公文"),
            Permission("papers.print", "打印公文，填文号"),
            Permission("papers.seal", "把盖好章的公文扫描回传"),
            Permission("papers.void", "作废公文"),
        ),
        roles={
            "cadre": ("papers.view", "papers.print", "papers.seal", "papers.void"),
            "chair": ("papers.view",),
            "auditor": ("papers.view",),
        },
        journal_words={"number": "文号", "dated_on": "落款日期", "pages": "回传页数"},
        journal_objects={"papers.paper": "公文"},
    )
