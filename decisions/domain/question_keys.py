"""Keys of the questions and options that the product reads. Every guide version has them. Pure."""

OUTCOME = "decide.outcome"
ADVICE_FIRST = "advice-first"  # an option of OUTCOME
URGENCY = "what.urgency"
REASONING = "decide.reasoning"
SHARED = "decide.shared"
SENT_HOW = "decide.sent_how"
SHARED_ON = "decide.shared_on"
REVIEW_ON = "decide.review_on"
KINDS = "what.kinds"
WHO = "who.asking"
RELATIONSHIP = "who.relationship"

# Keys of options.
URGENT = "now"
REFUSALS = ("do-not-share", "do-not-act")
