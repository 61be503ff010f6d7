"""A PDF that a browser made, in the form in which it is kept: neither time nor machine in it, and its tags as PDF/UA has them.

PDF/UA-1 is ISO 14289-1; the structure of a tagged PDF is in ISO 32000-1, 14.7 and 14.8.
"""

import io
from collections.abc import Iterator
from html import escape
from typing import cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    TextStringObject,
)

_MADE_BY = "Migration workbench"
_XMP = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def normal_form(pdf: bytes) -> bytes:
    """A PDF without what differs between two printings of one page, and with what PDF/UA asks for beyond a browser's tags."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    _describe(writer, PdfReader(io.BytesIO(pdf)))
    root = cast(DictionaryObject, writer.root_object["/StructTreeRoot"])
    elements = list(_elements(root))
    _number_ids(root, elements)
    for element in elements:
        if element["/S"] == "/LI":
            _give_body(writer, element)
    for page in writer.pages:
        page[NameObject("/Tabs")] = NameObject("/S")
        for annotation in cast(ArrayObject, page.get("/Annots", ArrayObject())):
            _describe_link(annotation.get_object())
    # What nothing refers to any more.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    writer.pdf_header = "%PDF-1.7"
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def number_of_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def texts_of_pages(pdf: bytes) -> dict[str, str]:
    """The text of each page of a PDF, by its number."""
    return {f"page {number}": page.extract_text() for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, 1)}


def _describe(writer: PdfWriter, printed: PdfReader) -> None:
    """Its title, and by what it was made; not when, nor by which browser."""
    title = (printed.metadata and printed.metadata.title) or ""
    writer.metadata = None
    writer.add_metadata({"/Title": title, "/Producer": _MADE_BY})
    stream = DecodedStreamObject()
    stream.set_data(_XMP.format(title=escape(title)).encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)


def _elements(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    """The elements of the structure below one of them, from the first to the last."""
    for kid in _kids(parent):
        element = kid.get_object()
        if isinstance(element, DictionaryObject) and "/S" in element:
            yield element
            yield from _elements(element)


def _kids(parent: DictionaryObject) -> list[PdfObject]:
    """What an element holds: elements, marked content, annotations; one alone need not stand in an array."""
    kids = cast(PdfObject, parent.raw_get("/K")) if "/K" in parent else ArrayObject()
    several = kids.get_object()
    return list(several) if isinstance(several, ArrayObject) else [kids]


def _number_ids(root: DictionaryObject, elements: list[DictionaryObject]) -> None:
    """Number the elements that have an id, from the first to the last: the browser counts on from the page before."""
    named = [element for element in elements if "/ID" in element]
    if not named:
        return
    numbers = {str(element["/ID"]): TextStringObject(f"e{place:05}") for place, element in enumerate(named)}
    for element in named:
        element[NameObject("/ID")] = numbers[str(element["/ID"])]
    for attributes in (one for element in elements for one in _attributes(element) if "/Headers" in one):
        headers = cast(ArrayObject, attributes["/Headers"])
        attributes[NameObject("/Headers")] = ArrayObject(numbers[str(header)] for header in headers)
    tree = cast(DictionaryObject, root["/IDTree"])
    tree.clear()
    pairs = [part for element in named for part in (element["/ID"], element.indirect_reference)]
    tree[NameObject("/Names")] = ArrayObject(pairs)


def _attributes(element: DictionaryObject) -> list[DictionaryObject]:
    found = element.get("/A", ArrayObject())
    return [one.get_object() for one in (found if isinstance(found, ArrayObject) else [found])]


def _give_body(writer: PdfWriter, item: DictionaryObject) -> None:
    """Put what is in the item of a list into its body, where PDF/UA has it."""
    kids = _kids(item)
    body = {
        "/Type": NameObject("/StructElem"),
        "/S": NameObject("/LBody"),
        "/P": item.indirect_reference,
        "/K": ArrayObject(kids),
    }
    reference = writer._add_object(DictionaryObject({NameObject(name): value for name, value in body.items()}))
    for kid in kids:
        if isinstance(element := kid.get_object(), DictionaryObject):
            element[NameObject("/P")] = reference
    item[NameObject("/K")] = ArrayObject([reference])


def _describe_link(link: DictionaryObject) -> None:
    """Have a link to a page beside this one lead there, not into the folder where it was printed; and say where it leads."""
    action = cast(DictionaryObject, link.get("/A", DictionaryObject()))
    if "/URI" not in action:
        return
    address = str(action["/URI"])
    if address.startswith("file:"):
        address = address.rpartition("/")[2]
        action[NameObject("/URI")] = TextStringObject(address)
    link[NameObject("/Contents")] = TextStringObject(address)
