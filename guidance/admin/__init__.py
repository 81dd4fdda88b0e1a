"""Admin of the guide: guide editors read versions, and write and publish drafts."""

from guidance.admin.rows import (
    ConsiderationAdmin,
    ExampleAdmin,
    MessageAdmin,
    OptionAdmin,
    PrincipleAdmin,
    QuestionAdmin,
    ResourceAdmin,
    SectionAdmin,
)
from guidance.admin.versions import GuideVersionAdmin

__all__ = [
    "ConsiderationAdmin",
    "ExampleAdmin",
    "GuideVersionAdmin",
    "MessageAdmin",
    "OptionAdmin",
    "PrincipleAdmin",
    "QuestionAdmin",
    "ResourceAdmin",
    "SectionAdmin",
]
