from unionhome.core.registry import Card, Nav, Room


class HomeRoom(Room):
    name = "unionhome.core.home"
    label = "home"
    verbose_name = "首页"
    default = True
    card = Card(
        title="首页",
        icon="home",
        doors=("open", "my", "desk"),
        nav=(Nav("收件箱", "home:inbox", "inbox", permission="workflow.view", order=10, group=1),),
        journal_words={"receiver": "交给谁"},
    )
