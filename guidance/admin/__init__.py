"""Admin of the guide: guide editors read versions, and write and publish drafts."""

from guidance.admin.rows import (
    ConsiderationAdmin,
    ExampleAdmin,
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
    "OptionAdmin",
    "PrincipleAdmin",
    "QuestionAdmin",
    "ResourceAdmin",
    "SectionAdmin",
]
