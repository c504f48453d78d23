from unionhome.core.registry import Card, Policy, Room, Schedule

_SOURCE = "系统安全要求，按服务器容量确定"


class FilesRoom(Room):
    name = "unionhome.core.files"
    label = "files"
    verbose_name = "文件"
    default = True
    card = Card(
        title="文件",
        icon="paperclip",
        policies=(
            Policy("files.image_megabytes", "一张图片最大", 20, "MB", _SOURCE),
            Policy("files.image_megapixels", "一张图片最多像素", 64, "百万像素", _SOURCE),
            Policy("files.image_side", "图片保存时的最长边", 2560, "像素", _SOURCE),
            Policy("files.audio_megabytes", "一段录音最大", 20, "MB", _SOURCE),
            Policy("files.document_megabytes", "一份文档最大", 20, "MB", _SOURCE),
            Policy("files.sheet_megabytes", "一份名册表格最大", 200, "MB", _SOURCE),
            Policy("files.count", "一件事项最多附件", 30, "个", _SOURCE),
        ),
        schedules=(Schedule("files.sweep", "unionhome.core.files.jobs.sweep", 3600, "清理没有事项引用的文件"),),
        journal_words={
            "digests": "文件摘要",
            "key": "密钥编号",
            "count": "数量",
        },
        journal_objects={"files.sealedfile": "附件"},
    )
