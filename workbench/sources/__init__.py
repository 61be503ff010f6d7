"""The published interfaces of the providers: the only code that uses the network. It stores nothing in the project."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from workbench.declarations.sources import SourceDeclaration
from workbench.sources.responses import Download, PublishedVersion, Request

__all__ = ["Download", "PublishedVersion", "Request", "code_lists", "fetch", "published"]


def fetch(
    source: SourceDeclaration, request: Request, folder: Path, progress: Callable[[int, int | None], None]
) -> Download:
    """Ask a provider for a dataset, whole or in part.

    Parameters
    ----------
    source : SourceDeclaration
        The provider's interface.
    request : Request
        Dataset, first period and filters.
    folder : Path
        An empty folder of the caller, where the native file is written.
    progress : callable
        Called with the bytes received so far and, if known, their total.

    Returns
    -------
    Download
        The complete native file, and what the provider says of it.

    Raises
    ------
    UnknownCode
        If the dataset has no such dimension or code, naming the nearest; before any data are asked for.
    RefusedDownload
        If the provider does not have the dataset, or answers with anything but data.
    SourceUnavailable
        If it repeatedly does not answer or breaks off.
    """
    return _client(source).fetch(source, request, folder, progress)


def code_lists(source: SourceDeclaration, dataset: str) -> Mapping[str, Mapping[str, str]]:
    """The provider's code lists of a dataset: dimension to its codes, each with its English label.

    Raises
    ------
    RefusedDownload
        If the provider does not have the dataset, or no code lists.
    SourceUnavailable
        If it repeatedly does not answer or breaks off.
    """
    return _client(source).code_lists(source, dataset)


def published(source: SourceDeclaration, datasets: Sequence[str]) -> Mapping[str, PublishedVersion]:
    """What the provider's catalogue says of some datasets, without those that it does not list."""
    return _client(source).published(source, datasets)


class _ProviderClient(Protocol):
    """A module of this package: a protocol of providers."""

    def fetch(
        self, source: SourceDeclaration, request: Request, folder: Path, progress: Callable[[int, int | None], None]
    ) -> Download: ...

    def code_lists(self, source: SourceDeclaration, dataset: str) -> Mapping[str, Mapping[str, str]]: ...

    def published(self, source: SourceDeclaration, datasets: Sequence[str]) -> Mapping[str, PublishedVersion]: ...


def _client(source: SourceDeclaration) -> _ProviderClient:
    # Clients are imported only when one is needed: a study never loads the network.
    from workbench.sources import eurostat, sdmx_rest, unhcr

    clients: dict[str, _ProviderClient] = {"eurostat": eurostat, "sdmx": sdmx_rest, "unhcr": unhcr}
    return clients[source.protocol]
