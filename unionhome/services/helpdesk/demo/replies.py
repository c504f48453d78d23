"""Words that the city wrote down for everybody's replies."""

from typing import Any

from unionhome.core.cases import actions as cases

REPLIES = (
    ("约时间", "您好，我是{工会}的{经办人}。您反映的{事项}（编号{编号}）由我来办，今天给您打电话约时间，请留意来电。"),
    ("请补材料", "您好，请把合同、工资条或者考勤的照片发给我们，在这一页点“补材料”就行。有问题打{电话}。"),
    ("办理进展", "{今天}的进展：已经和单位联系，有了答复马上告诉您。编号{编号}，{工会}。"),
)


def build(world: Any) -> None:
    """The city's reply templates."""
    for title, text in REPLIES:
        cases.write_template(world.actor("city", world.at(40, 9)), title=title, text=text)
