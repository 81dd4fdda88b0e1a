"""The questions the product itself reads the answers of, by their keys. Every guide version has them. Pure."""

OUTCOME = "decide.outcome"
ADVICE_FIRST = "advice-first"  # an option of it
URGENCY = "what.urgency"
REASONING = "decide.reasoning"
SHARED_ON = "decide.shared_on"
REVIEW_ON = "decide.review_on"
KINDS = "what.kinds"
RELATIONSHIP = "who.relationship"

# Options that the product itself knows.
URGENT = "now"
REFUSALS = ("do-not-share", "do-not-act")
