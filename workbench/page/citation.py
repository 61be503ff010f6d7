"""How a study is cited: as a line, and as a BibTeX entry."""

import re

from workbench.model.record import Record

# The characters that TeX reads as commands; the backslash comes first, so that none is escaped twice.
_TEX = {
    "\\": r"\textbackslash{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL = re.compile("|".join(map(re.escape, _TEX)))


def citation(record: Record) -> str:
    """The study as an entry of a bibliography: publisher, year of release, title, edition."""
    if not record.edition:
        return f"{record.full_title}."
    return f"{record.edition.publisher} ({record.edition.released[:4]}). {record.full_title}. {record.edition.title}."


def bibtex(record: Record) -> str:
    """The study as a BibTeX entry of type ``techreport``, with the vintages it was made from as its note."""
    fields = {"title": record.full_title}
    if record.edition:
        fields |= {
            "author": record.edition.publisher,
            "institution": record.edition.publisher,
            "year": record.edition.released[:4],
            "type": record.edition.title,
        }
    fields["note"] = "; ".join(f"{source.provider}, {source.dataset}, {source.vintage}" for source in record.sources)
    fields["language"] = record.language
    lines = "".join(f"  {name} = {{{{{_escaped(text)}}}}},\n" for name, text in fields.items())
    return f"@techreport{{{record.study}-{record.country}-{record.year}-{record.language},\n{lines}}}\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _TEX[sign.group()], text)
