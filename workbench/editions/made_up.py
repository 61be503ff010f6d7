"""What is made up, to try things out, never enters an edition that is sealed."""

from collections.abc import Sequence

from workbench.data.snapshots import SnapshotStore
from workbench.declarations.editions import Edition
from workbench.execution.run_files import RunFiles
from workbench.model.errors import FailedRun, WorkbenchError
from workbench.model.paths import Project


def made_up_studies(project: Project, edition: Edition, rendered: Sequence[RunFiles]) -> list[WorkbenchError]:
    """Each run of an edition that reads something made up."""
    store = SnapshotStore.of(project)
    read = {snapshot for files in rendered for snapshot in files.run.snapshots}
    made_up = {snapshot for snapshot in read if store.open(*snapshot).card.is_made_up}
    return [
        FailedRun(
            f"{files.run} is of made-up data, and no edition is sealed with it",
            expected="what took place",
            found=", ".join(" ".join(snapshot) for snapshot in found),
            unchanged="the edition was not sealed",
            hint="take in the real register (docs/how-to/activities.md), or take the study out of "
            f"params/editions/{edition.name}.yaml; --draft seals a draft, in which it is marked",
        )
        for files in rendered
        if (found := sorted(made_up & set(files.run.snapshots)))
    ]
