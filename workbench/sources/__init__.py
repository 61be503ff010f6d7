"""The providers' published interfaces. This is the only code that touches the network; it knows no store."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workbench.declarations.sources import SourceDeclaration
from workbench.sources.answers import Download, PublishedVersion, Request

__all__ = ["Download", "Published", "Request", "fetch", "published"]


def fetch(
    source: SourceDeclaration, request: Request, folder: Path, progress: Callable[[int, int | None], None]
) -> Download:
    """Ask a provider for a dataset, whole or cut.

    Parameters
    ----------
    source : SourceDeclaration
        The provider's interface.
    request : Request
        Dataset, first period and filters.
    folder : Path
        An empty folder of the caller's own; the native file is put there.
    progress : callable
        Called with the bytes received so far, and those there will be if that is known.

    Returns
    -------
    Download
        The native file, whole, and what the provider says of it.

    Raises
    ------
    UnknownCode
        If the dataset has no such dimension or code, naming the near ones; before any data is asked for.
    RefusedDownload
        If the provider does not have the dataset, or answers with something else than data.
    SourceUnavailable
        If it does not answer, or breaks off, again and again.
    """
    return _client(source).fetch(source, request, folder, progress)


def published(source: SourceDeclaration, datasets: Sequence[str]) -> Mapping[str, PublishedVersion]:
    """What the provider's catalogue says of some datasets; one that it does not list is not there."""
    return _client(source).published(source, datasets)


def _client(source: SourceDeclaration):
    # Each client is loaded when it is asked for: a study never loads the network.
    from workbench.sources import eurostat, sdmx_rest, unhcr

    return {"eurostat": eurostat, "sdmx": sdmx_rest, "unhcr": unhcr}[source.protocol]
