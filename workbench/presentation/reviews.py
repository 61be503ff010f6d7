"""What readers of reviews are told of kinds, verdicts and states."""

from workbench.declarations.reviews import Kind, State, Verdict
from workbench.model.types import message

KINDS = {
    Kind.QUESTION: message("Question"),
    Kind.SUGGESTION: message("Suggestion"),
    Kind.BLOCKING: message("Must be changed"),
    Kind.APPROVE: message("Agreed"),
}
VERDICTS = {
    Verdict.APPROVED: message("Approved"),
    Verdict.WITH_CHANGES: message("Approved with changes"),
    Verdict.NOT_APPROVED: message("Not approved"),
}
STATES = {
    State.OPEN: message("Open"),
    State.ANSWERED: message("Answered"),
    State.RESOLVED: message("Resolved"),
}
