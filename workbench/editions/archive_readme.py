"""``README.md`` of an archive: what is in it and how to check it, for whoever finds it without the workbench."""

from workbench.declarations.editions import Edition

_TEXT = """\
# {title}

Published by {publisher} on {released} under {licence}.

This folder is a BagIt bag (RFC 8493) whose payload, `data/`, is an RO-Crate: `data/ro-crate-metadata.json` describes every
file, and every run with the notebook, parameters and data that it read and the files that it made. Open `data/{index}` in a
browser to read the studies.

| folder or file in `data/` | what it holds |
| --- | --- |
| `studies/` | each study: its pages, its numbers as CSV and spreadsheet, its notebook as executed |
| `notebooks/` | the notebooks as written |
| `params/` | the declarations: the edition, its studies, datasets, indicators, countries, events |
| `snapshots/` | the official statistics that were read, as Parquet, each with a card: provider, vintage, licence, caveats |
{reviews}| `requirements.lock` | the versions of the libraries that made the studies |
| `code/` | the workbench that made them |

Check it with the standard's own tools, in this folder:

    sha256sum --check manifest-sha256.txt
    sha512sum --check tagmanifest-sha512.txt

or, with the workbench and the zip file that this folder came in, `workbench verify`, which also compares pages, numbers and
data with each other. `workbench reproduce` makes the studies again from the zip file alone, and says what differs. It needs no
workbench that is installed; in this folder, with the Python that `data/code/version.json` names:

    python -m venv environment
    environment/bin/pip install -r data/requirements.lock
    PYTHONPATH=data/code environment/bin/python -P -m workbench reproduce ARCHIVE.zip
"""


_REVIEWS = "| `reviews/` | what reviewers said of the studies, when, and what they were answered |\n"


def archive_readme(edition: Edition, title: str, index: str, has_reviews: bool) -> str:
    """The text, in Markdown; ``index`` is the file name of the first page."""
    return _TEXT.format(
        title=title,
        publisher=edition.publisher,
        released=edition.released,
        licence=edition.licence,
        index=index,
        reviews=_REVIEWS if has_reviews else "",
    )
