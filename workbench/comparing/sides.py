"""How a command names the sides of a comparison: an archive, an edition, or the working tree as it would be sealed."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from workbench.archiving.verify import open_archive, verify_members
from workbench.comparing.side import RESULTS, SealedStudy, Side, StudyKey
from workbench.declarations.editions import Edition, read_edition
from workbench.editions.agreement import check_agreement
from workbench.editions.archive_contents import edition_and_status, edition_contents
from workbench.editions.plan import PlannedRun, plan, resolve_here
from workbench.execution.run_files import RunFiles
from workbench.model.errors import RefusedRun, WorkbenchError, near
from workbench.model.names import EDITION
from workbench.model.paths import Project
from workbench.reproducing.unpacked import unpack_payload

WORKING_TREE = "."
"""How a command names the working tree."""

_NOTHING = "nothing was written"


def open_sides(
    project: Project, names: tuple[str, str], studies: Collection[str], countries: Collection[str], into: Path
) -> tuple[Side, Side]:
    """Open both sides of a comparison.

    Parameters
    ----------
    project : Project
        Whose editions and working tree are named.
    names : tuple of str
        Of each side: the file of an archive; an edition, which is its newest archive or, if it has none, what is in
        ``outputs/``; or `WORKING_TREE`, which is what is there of the edition of the other side.
    studies, countries : collection of str
        Only these; all by default.
    into : Path
        An empty folder, into which both are unpacked.

    Raises
    ------
    DamagedArchive
        If an archive is not as it was sealed, or does not agree with itself; nothing of it is unpacked then.
    WorkbenchError
        If one is not there, has none of these studies or is not up to date.
    """
    if names == (WORKING_TREE, WORKING_TREE):
        raise WorkbenchError(
            "the working tree is both sides", expected="an archive or an edition beside it", unchanged=_NOTHING
        )
    folders = [into / place for place in ("before", "after")]
    sides: list[Side | None] = [
        None if name == WORKING_TREE else _open(project, name, studies, countries, folder)
        for name, folder in zip(names, folders)
    ]
    other = next(side for side in sides if side)
    before, after = (
        side or _working_tree(project, other.edition, studies, countries, folder)
        for side, folder in zip(sides, folders)
    )
    if before.archive == after.archive and before.digest != after.digest:
        # Of different places: what they hold tells them apart.
        before, after = (replace(side, archive=f"{side.archive}-{side.digest[:8]}") for side in (before, after))
    return before, after


def _open(project: Project, name: str, studies: Collection[str], countries: Collection[str], into: Path) -> Side:
    if (archive := Path(name)).suffix == ".zip" or not EDITION.allow(name):
        return _archive(archive, studies, countries, into)
    if newest := _newest(project, name):
        return _archive(newest, studies, countries, into)
    return _working_tree(project, name, studies, countries, into)


def _newest(project: Project, edition: str) -> Path | None:
    """The newest archive of an edition."""
    numbered = {
        int(found[1]): path
        for path in project.archives.glob(f"{edition}-r*.zip")
        if (found := re.fullmatch(rf"{re.escape(edition)}-r([1-9][0-9]*)\.zip", path.name))
    }
    return numbered[max(numbered)] if numbered else None


def _archive(archive: Path, studies: Collection[str], countries: Collection[str], into: Path) -> Side:
    with open_archive(archive) as members:
        verified = verify_members(members)
        check_agreement(members, verified.digests)
        payload = unpack_payload(members, into)
    edition, _ = edition_and_status(verified.name)
    name = f"{verified.name}-r{verified.revision}"
    found = _chosen(name, _studies(payload, edition), studies, countries)
    return Side(name, edition, verified.revision, verified.payload, payload, found)


def _studies(payload: Path, edition: str) -> dict[StudyKey, SealedStudy]:
    paths = sorted((payload / "studies").glob(f"*/*{RESULTS}"), key=lambda path: (path.name, path.parent.name))
    found = [SealedStudy(path.name.removesuffix(RESULTS), path.parent.name, edition, path.parent) for path in paths]
    return {one.key: one for one in found}


def _chosen(
    side: str, there: Mapping[StudyKey, SealedStudy], studies: Collection[str], countries: Collection[str]
) -> dict[StudyKey, SealedStudy]:
    for kind, asked, place in (("study", studies, 0), ("country", countries, 1)):
        names = {key[place] for key in there}
        for name in asked:
            if name not in names:
                raise RefusedRun(
                    f"{side} has no {kind} {name[:80]}", expected=near(name, names), found=name[:80], unchanged=_NOTHING
                )
    return {
        (study, country): one
        for (study, country), one in there.items()
        if (not studies or study in studies) and (not countries or country in countries)
    }


# The working tree


def _working_tree(
    project: Project, name: str, studies: Collection[str], countries: Collection[str], into: Path
) -> Side:
    """The studies of an edition that are in ``outputs/``, with all that made them."""
    declared = read_edition(project, name)
    chosen = {
        "studies": tuple(one for one in declared.studies if not studies or one in studies),
        "countries": tuple(one for one in declared.countries if not countries or one in countries),
    }
    planned = plan(project, structs.replace(declared, **chosen), resolve_here) if all(chosen.values()) else []
    languages = _languages_made(declared, planned)
    contents = edition_contents(
        project,
        structs.replace(declared, **chosen, languages=languages),
        [RunFiles(project, one.run) for one in planned],
    )
    for file in contents.files:
        (into / file.path).parent.mkdir(parents=True, exist_ok=True)
        (into / file.path).write_bytes(file.read())
    found = _chosen(f"the working tree, {name},", _studies(into, name), studies, countries)
    return Side(None, name, None, "", into, found)


def _languages_made(edition: Edition, planned: list[PlannedRun]) -> tuple[str, ...]:
    """The languages in which all runs are up to date.

    Raises
    ------
    RefusedRun
        If there is none, naming the runs that must be made first.
    """
    made = [{page.language for page in one.pages if not (one.reasons or page.reasons)} for one in planned]
    languages = tuple(one for one in edition.languages if all(one in of_run for of_run in made))
    if languages and planned:
        return languages
    stale = [one for one in planned if not one.is_up_to_date]
    raise RefusedRun(
        f"the working tree has nothing of the edition {edition.name} that is up to date",
        where="outputs",
        expected="studies as notebooks, params and data would make them now",
        found="; ".join(f"{one.run}: {', '.join(one.all_reasons)}" for one in stale[:3]) or "no such study",
        unchanged=_NOTHING,
        hint=f"make it first: workbench edition {edition.name}; or name a study that is made: --study",
    )
