"""Which datasets a figure or table needs and does not have, and how to get them."""

from collections.abc import Sequence

from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.types import NO_VINTAGE, NOT_AVAILABLE, Result
from workbench.presentation.blocks import Gap


def missing_datasets(results: Sequence[Result]) -> list[str]:
    """The datasets that would fill the gaps of an exhibit, as far as that is known.

    Where a part has no snapshot at all, its dataset. Else something is missing only where no value is there: what the
    vintages used do not have. What is withheld, confidential or cannot be (the rank of a country outside the Union) is
    not missing: no other file would fill it.
    """
    missing = [result for result in results if not result.is_available and NOT_AVAILABLE in result.flags]
    unread = [dataset for result in missing for dataset, vintage in result.sources if vintage == NO_VINTAGE]
    if unread or any(result.is_available for result in results):
        return list(dict.fromkeys(unread))
    of_each = [[dataset for dataset, _ in result.sources] for result in missing]
    # What is computed of several datasets lacks the one that something else lacks already, if there is one.
    alone = {datasets[0] for datasets in of_each if len(datasets) == 1}
    found = [name for datasets in of_each for name in datasets if name in alone or not alone.intersection(datasets)]
    return list(dict.fromkeys(found))


def gap(datasets: Sequence[DatasetDeclaration], with_interface: Sequence[str], is_empty: bool) -> Gap:
    """The gap that some datasets leave; ``with_interface`` are the agencies that can be asked."""
    fetched = [each.dataset for each in datasets if each.agency in with_interface]
    taken_in = [each.taken_in_by for each in datasets if each.agency not in with_interface]
    commands = [f"workbench fetch {' '.join(fetched)}"] if fetched else []
    return Gap(tuple((each.title, each.dataset) for each in datasets), (*commands, *dict.fromkeys(taken_in)), is_empty)
