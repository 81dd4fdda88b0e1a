"""The guide in the admin: versions are read, drafts are written and published, by guide editors."""

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
