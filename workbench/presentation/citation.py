"""How a study is cited: as a line, and as a BibTeX entry."""

import re

from workbench.model.record import About

# The characters that TeX reads as commands; the backslash comes first, so that none is escaped twice.
_TEX = {
    "\\": r"\textbackslash{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL = re.compile("|".join(map(re.escape, _TEX)))


def citation(study: About) -> str:
    """The study as an entry of a bibliography: publisher, year of release, title, edition."""
    if not study.edition:
        return f"{study.full_title}."
    return f"{study.edition.publisher} ({study.edition.released[:4]}). {study.full_title}. {study.edition.title}."


def bibtex(study: About) -> str:
    """The study as a BibTeX entry of type ``techreport``, with the vintages it was made from as its note."""
    fields = {"title": study.full_title}
    if study.edition:
        fields |= {
            "author": study.edition.publisher,
            "institution": study.edition.publisher,
            "year": study.edition.released[:4],
            "type": study.edition.title,
        }
    fields["note"] = "; ".join(f"{source.provider}, {source.dataset}, {source.vintage}" for source in study.sources)
    fields["language"] = study.language
    lines = "".join(f"  {name} = {{{{{_escaped(text)}}}}},\n" for name, text in fields.items())
    key = f"{study.study}-{study.country}-{study.year}-{study.language}"
    # The same study may have been published in the edition of its year too.
    newest = "-newest" if study.edition and study.edition.remark else ""
    return f"@techreport{{{key}{newest},\n{lines}}}\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _TEX[sign.group()], text)
