from unionhome.core.registry import Card, Permission, Room


class WorkflowRoom(Room):
    name = "unionhome.core.workflow"
    label = "workflow"
    verbose_name = "办理流程"
    default = True
    card = Card(
        title="办理流程",
        icon="route",
        permissions=(
            Permission("workflow.view", "查看收件箱", is_duty=True),
            Permission("workflow.give", "把事项交给本工会的同事"),
        ),
        roles={
            "cadre": ("workflow.view", "workflow.give"),
            "chair": ("workflow.view", "workflow.give"),
            "finance": ("workflow.view",),
            "auditor": ("workflow.view",),
            "lawyer": ("workflow.view",),
        },
    )
