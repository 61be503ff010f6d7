"""The answer of a Member State to an ad-hoc query, as a page may show it."""

from workbench.declarations.queries import MemberAnswer
from workbench.presentation.query import Answered


def answered(answer: MemberAnswer, is_restricted: bool) -> Answered:
    """What a page shows of an answer: of one that is for the network alone, on a page that is not, only that there is one."""
    is_withheld = answer.dissemination == "restricted" and not is_restricted
    said = {} if is_withheld else {str(number): text for number, text in answer.answers.items()}
    return Answered(answer.country, str(answer.received), answer.dissemination, answer.language, said, is_withheld)
