"""Before an edition is sealed as final, all that its reviewers want changed must be resolved."""

from workbench.declarations.editions import Edition
from workbench.declarations.reviews import reviews_of
from workbench.model.errors import UnresolvedReview, WorkbenchError
from workbench.model.paths import Project


def unresolved_reviews(project: Project, edition: Edition) -> list[WorkbenchError]:
    """Each review of a study of an edition with a blocking comment that is not resolved."""
    return [
        UnresolvedReview(
            f"{review.reviewer} wants {review.reviewed} changed before it is final",
            found="; ".join(f"{one.short_id} on {one.quote[:60]!r}: {one.body.value[:200]}" for one in blocking),
            expected="no blocking comment that is not resolved",
            unchanged="the edition was not sealed",
            hint='change the study or answer: workbench review answer ID --text "…" --resolved; --draft seals a draft',
        )
        for review in reviews_of(project, edition.name)
        if review.reviewed.study in edition.studies and review.reviewed.country in edition.countries
        if (blocking := review.blocking)
    ]
