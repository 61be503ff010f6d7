"""How damage to an archive is told: the archive, the member, what was expected and what was found."""

from pathlib import Path

from workbench.model.errors import DamagedArchive


def damaged(archive: Path, what: str, member: str | None, expected: str, found: str) -> DamagedArchive:
    """The error that refuses an archive; ``member`` is its path below the archive's one folder, None of the file itself."""
    return DamagedArchive(
        f"{archive.name} is damaged: {what}",
        where=f"{archive}, member {member}" if member else str(archive),
        expected=expected,
        found=found,
        unchanged="the archive, which was only read",
        hint=f"take an intact copy of {archive.name} from where it was published, and do not use this one",
    )
