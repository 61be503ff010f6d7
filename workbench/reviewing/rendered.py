"""The studies that are in ``outputs/``, to be reviewed."""

from dataclasses import dataclass
from functools import cached_property

from workbench.declarations.reviews import Reviewed
from workbench.editions.pages import edition_note
from workbench.execution.recorded import Recorded, read_recorded
from workbench.execution.run_files import RunFiles
from workbench.model.digests import digest_of
from workbench.model.errors import WorkbenchError, near
from workbench.model.names import EDITION
from workbench.model.paths import Project
from workbench.model.record import About
from workbench.model.types import Run
from workbench.presentation.about import about
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class RenderedStudy:
    """A study of a country in an edition, as it was rendered last; it is read when it is asked for."""

    project: Project
    edition: str
    country: str
    study: str

    @cached_property
    def recorded(self) -> Recorded:
        """What its run left behind.

        Raises
        ------
        UnknownDescription
            If another version of the workbench described it.
        """
        # Where its files are is said by the edition: the year is in the record.
        return read_recorded(RunFiles(self.project, Run(self.study, self.country, 0, edition=self.edition)))

    @property
    def digest(self) -> str:
        """The digest of its record: of its results, and of the descriptions of all that it shows."""
        return digest_of(self.recorded.record.as_json())

    def about(self, wording: Wording) -> About:
        """What it says of itself in a language."""
        record = self.recorded.record
        run = Run(self.study, self.country, record.year, edition=self.edition)
        return about(record, edition_note(self.project, run, wording.language), wording)

    def reviewed_in(self, language: str) -> Reviewed:
        """What a review of it says of it."""
        return Reviewed(
            edition=self.edition,
            study=self.study,
            country=self.country,
            year=self.recorded.record.year,
            language=language,
            digest=self.digest,
        )

    def __str__(self) -> str:
        return f"{self.study} {self.country} {self.edition}"


def rendered_studies(project: Project, edition: str = "*", country: str = "*", study: str = "*") -> list[RenderedStudy]:
    """The studies that are in ``outputs/``, of all editions, countries and studies or of one."""
    notebooks = sorted(project.outputs.glob(f"{edition}/{country}/{study}.ipynb"))
    return [
        RenderedStudy(project, path.parents[1].name, path.parent.name, path.stem)
        for path in notebooks
        if EDITION.allow(path.parents[1].name)
    ]


def studies_named(project: Project, name: str, country: str | None, year: int | None) -> list[RenderedStudy]:
    """The studies that a command means: those of an edition, or one by its name.

    Raises
    ------
    WorkbenchError
        If none of them was rendered, or if several of one name were.
    """
    is_edition = EDITION.allow(name)
    found = [
        one
        for one in rendered_studies(project)
        if name == (one.edition if is_edition else one.study)
        and country in (None, one.country)
        and year in (None, int(one.edition) if one.edition.isdecimal() else None)
    ]
    if not found or (len(found) > 1 and not is_edition):
        raise WorkbenchError(
            f"{len(found)} studies of this name were rendered" if found else "no such study was rendered",
            where="outputs",
            expected="one of them" if found else near(name, _names(rendered_studies(project))),
            found=", ".join(map(str, found)) or name[:80],
            unchanged="nothing was written",
            hint="say --country and --year" if found else "render it first: workbench run, or workbench edition",
        )
    return found


def _names(studies: list[RenderedStudy]) -> set[str]:
    return {name for one in studies for name in (one.study, one.edition)}
