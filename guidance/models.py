"""Tables of the guide: versions with their text, examples and questions.

A published version never changes; the next version corrects mistakes.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Concat
from django.urls import reverse

from guidance.choices import Direction, Part, QuestionKind
from guidance.triggers import OF_A_QUESTION, rows_are_final, version_is_final

MARKDOWN = "Markdown. Raw HTML is shown as text."
WORDING = "Other words for one direction, as in {“told”: {“text”: “Who told you?”}}; the ordinary ones serve otherwise."


def search_vector(title: str, text: str) -> models.expressions.Combinable:
    """Weighted search vector of two columns, title first. Queries must use it as the indexes do."""
    return SearchVector(title, weight="A", config="english") + SearchVector(
        text, weight="B", config="english"
    )


class GuideVersionQuerySet(models.QuerySet["GuideVersion"]):
    def published(self) -> GuideVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def current(self) -> GuideVersion:
        """Published version with the latest date. Raises GuideVersion.DoesNotExist where there is none."""
        return self.published().latest("date")


class GuideVersion(models.Model):
    """Guide as of a date. A version without `published_at` is a draft and may have no date."""

    class Significance(models.TextChoices):
        """Importance of the change to readers."""

        MAJOR = "major", "Major: people should read what changed before they next decide"
        MINOR = "minor", "Minor: the same advice in better words"

    date = models.DateField(
        unique=True, null=True, blank=True, help_text="The date printed on the guide, and its address."
    )
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=300, blank=True)
    principles_url = models.URLField(
        "publication of the principles",
        blank=True,
        help_text="Where the Caldicott Principles are officially published.",
    )
    change_note = models.TextField(blank=True, help_text=f"What changed and why, for readers. {MARKDOWN}")
    significance = models.CharField(max_length=10, choices=Significance, blank=True)
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="successors"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = GuideVersionQuerySet.as_manager()

    class Meta:
        ordering = [models.F("date").desc(nulls_first=True)]
        triggers = version_is_final()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True)
                | (
                    models.Q(date__isnull=False, significance__in=["major", "minor"])
                    & ~models.Q(change_note="")
                ),
                name="version_published_with_date_and_change_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.date:%-d %B %Y}" if self.date else f"{self.title}, draft without a date"

    def get_absolute_url(self) -> str:
        return reverse("guidance:version", args=[self.date])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Section(models.Model):
    """Heading with its text in Markdown. `level` 2 is a main heading, 3 a subheading."""

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="sections")
    slug = models.SlugField(
        max_length=100, help_text="The anchor of the heading: it stays when the words change."
    )
    title = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField(choices=[(2, "Heading"), (3, "Subheading")], default=2)
    body = models.TextField(
        blank=True, help_text=f"{MARKDOWN} `::: example key` sets the example of that key here."
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final()
        indexes = [GinIndex(search_vector("title", "body"), name="section_search")]
        constraints = [
            models.UniqueConstraint(fields=["version", "slug"], name="section_slug_unique_in_version"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="section_position_unique_in_version",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
            models.CheckConstraint(condition=models.Q(level__in=[2, 3]), name="section_level_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Example(models.Model):
    """Worked example: part of a section's text, with its own address."""

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="examples")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="examples")
    slug = models.SlugField(max_length=100)
    title = models.CharField(
        max_length=200, help_text="What the example shows, for lists; the text keeps its own words."
    )
    body = models.TextField(help_text=MARKDOWN)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final()
        indexes = [GinIndex(search_vector("title", "body"), name="example_search")]
        constraints = [
            models.UniqueConstraint(fields=["version", "slug"], name="example_slug_unique_in_version"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="example_position_unique_in_version",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Principle(models.Model):
    """Caldicott Principle (National Data Guardian, December 2020): fixed title, our explanation."""

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="principles")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    explanation = models.TextField(help_text=MARKDOWN)

    class Meta:
        ordering = ["number"]
        triggers = rows_are_final()
        indexes = [GinIndex(search_vector("title", "explanation"), name="principle_search")]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="principle_number_unique_in_version"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Resource(models.Model):
    """Link to further reading."""

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="resources")
    title = models.CharField(max_length=200)
    url = models.URLField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="resource_position_unique_in_version",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """Question asked in one part of a round."""

    Kind = QuestionKind

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="questions")
    part = models.CharField(max_length=10, choices=Part.choices)
    key = models.CharField(
        max_length=60, help_text="Begins with its part, as in “what.urgency”. It stays when the words change."
    )
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    text = models.CharField(max_length=300)
    hint = models.TextField(blank=True)
    statement = models.CharField(
        max_length=300,
        blank=True,
        help_text="Shown while there is no answer, as a sentence: “You have not said who is asking.”",
    )
    wording = models.JSONField("wording by direction", default=dict, blank=True, help_text=WORDING)
    required = models.BooleanField(default=False, help_text="A round cannot be recorded without an answer.")
    core = ArrayField(
        models.CharField(max_length=10, choices=Direction.choices),
        default=list,
        blank=True,
        help_text="Shown at once for these directions; for the others it is under “More to think about”.",
    )
    applies_when = models.JSONField(
        null=True,
        blank=True,
        help_text="Asked only while this condition on the direction and on earlier answers of the part holds.",
    )
    beside_previous = models.BooleanField(
        default=False,
        help_text="On a wide screen it stands beside the question before it, so that both are weighed.",
    )
    max_length = models.PositiveIntegerField(
        null=True, blank=True, help_text="Most characters a text answer may have."
    )
    cites = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text="Passages shown beside it: “section:what-is-needed”, “example:eviction”, “principle:7”.",
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final()
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_key_unique_in_version"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="question_position_unique_in_version",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="question_part_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["text", "one", "several", "date"]), name="question_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(core__contained_by=list(Direction.values)),
                name="question_core_directions_known",
            ),
            models.CheckConstraint(
                condition=models.Q(key__startswith=Concat(models.F("part"), models.Value("."))),
                name="question_key_begins_with_part",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="text", max_length__isnull=False)
                | (~models.Q(kind="text") & models.Q(max_length__isnull=True)),
                name="question_text_has_max_length",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Option(models.Model):
    """Answer offered by a question."""

    class Category(models.TextChoices):
        """Legal category of the information (UK GDPR articles 9 and 10)."""

        ORDINARY = "", "Personal data"
        SPECIAL_CATEGORY = "special_category", "Special category data"
        CRIMINAL_OFFENCE = "criminal_offence", "Criminal offence data"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=60)
    text = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True)
    wording = models.JSONField("wording by direction", default=dict, blank=True, help_text=WORDING)
    directions = ArrayField(
        models.CharField(max_length=10, choices=Direction.choices),
        default=list,
        blank=True,
        help_text="Offered only for these directions; for every direction when empty.",
    )
    category = models.CharField(max_length=20, choices=Category, blank=True, default="")
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="For a date: this option stands for so many days from today."
    )
    exclusive = models.BooleanField(default=False, help_text="Chosen alone, as “don’t know yet” is.")
    folded = models.BooleanField(
        default=False, help_text="Among several choices: shown when a reader asks for more of them."
    )
    reveals = models.OneToOneField(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="revealed_by",
        help_text="A question that matters only when this option is chosen.",
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final(OF_A_QUESTION)
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="option_key_unique_in_question"),
            models.UniqueConstraint(
                fields=["question", "position"],
                name="option_position_unique_in_question",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
            models.CheckConstraint(
                condition=models.Q(directions__contained_by=list(Direction.values)),
                name="option_directions_known",
            ),
            models.CheckConstraint(
                condition=models.Q(category__in=["", "special_category", "criminal_offence"]),
                name="option_category_known",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Consideration(models.Model):
    """Prompt shown when its condition on the answers holds. It never blocks.

    `condition` is `{"all": [clause, …], "any": [clause, …]}`, with either or both; a clause is `{"question":
    "what.urgency", "is": "now"}`, or with `is_not`, `includes`, `"answered": true` or `"unanswered": true`. The
    question `direction` stands for the decision's direction.
    """

    class Kind(models.TextChoices):
        THINK = "think", "Think about it"
        ACT = "act", "Act now"
        ADVICE = "advice", "Seek advice"

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="considerations")
    part = models.CharField(max_length=10, choices=Part.choices, help_text="The part on which it is shown.")
    key = models.SlugField(max_length=100, help_text="It stays when the words change.")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(help_text=MARKDOWN)
    condition = models.JSONField()
    cites = ArrayField(
        models.CharField(max_length=120),
        default=list,
        help_text="Passages it is grounded in: “section:what-is-needed”, “example:eviction”, “principle:7”.",
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final()
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="consideration_key_unique_in_version"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="consideration_position_unique_in_version",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["think", "act", "advice"]), name="consideration_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=["what", "who", "why", "role", "decide"]),
                name="consideration_part_known",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """Text to copy and send, for example by email, offered while its condition on direction and answers holds.

    `condition` is as that of a consideration. `guidance.content.messages` says what its placeholders may name.
    """

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="messages")
    key = models.SlugField(max_length=100, help_text="It stays when the words change.")
    title = models.CharField(max_length=200, help_text="What it is, as in “A holding reply”.")
    text = models.TextField()
    condition = models.JSONField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        triggers = rows_are_final()
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="message_key_unique_in_version"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="message_position_unique_in_version",
                deferrable=models.Deferrable.IMMEDIATE,  # two rows may swap positions in one statement
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Reader(models.Model):
    """Latest version whose changes were shown to a signed-in person: see `guidance.news`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    last_seen_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.user}, up to {self.last_seen_version}"
