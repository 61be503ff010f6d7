"""The providers' own code lists, fetched once for each dataset: files with labels are then read without the network."""

from pathlib import Path

from workbench.declarations.datasets import find_dataset
from workbench.declarations.provider_lists import keep_code_lists
from workbench.declarations.sources import EUROSTAT, read_source
from workbench.model.errors import RefusedDownload
from workbench.model.paths import Project
from workbench.sources import code_lists


def fetch_code_lists(project: Project, dataset: str) -> tuple[Path, int]:
    """Fetch the code lists of a dataset and keep them, in place of those kept before.

    Parameters
    ----------
    dataset : str
        A declared dataset, or any dataset of Eurostat.

    Returns
    -------
    Path, int
        Where they are kept, and the number of their codes.

    Raises
    ------
    WorkbenchError
        As `workbench.sources.code_lists`; what was kept before is then unchanged.
    """
    declaration = find_dataset(project, dataset)
    agency = declaration.agency if declaration else EUROSTAT
    lists = code_lists(read_source(project, agency), (declaration and declaration.flow) or dataset)
    # A code without a label of its own has nothing to say.
    labelled = {
        dimension: {code: label for code, label in codes.items() if label and label != code}
        for dimension, codes in lists.items()
    }
    many = sum(map(len, labelled.values()))
    if not many:
        raise RefusedDownload(
            f"the provider has no labels of the codes of {dataset}",
            where=agency,
            expected="code lists with English labels",
            found=f"the dimensions {', '.join(lists) or 'none'}",
            unchanged="what was kept before",
            hint="import its files with codes, or say in a file for --labels what their labels mean",
        )
    return keep_code_lists(project, agency, dataset, labelled), many
