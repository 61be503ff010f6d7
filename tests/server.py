"""A provider on this machine: a small HTTP server that answers as a script says, with the quirks of the real ones."""

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What is sent. ``breaks_after`` closes the connection after so many bytes; ``length`` is what the header claims."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    breaks_after: int | None = None
    has_length: bool = True


class Provider:
    """Answers by path: each is used once, and the last one again and again; what no path has is 404."""

    def __init__(self):
        self.answers: dict[str, list[Answer | Callable]] = defaultdict(list)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.address = ""
        self._lock = threading.Lock()

    def says(self, path: str, *answers: Answer | Callable) -> None:
        """``path`` is how the asked one begins, after the first slash."""
        self.answers[path] = list(answers)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        with self._lock:
            self.asked.append((path, headers))
            for begin in sorted(self.answers, key=len, reverse=True):
                if path.startswith(begin):
                    waiting = self.answers[begin]
                    found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                    return found(path, headers) if callable(found) else found
        return Answer(b"<html><title>Not found</title></html>", 404)

    def paths(self, begin: str) -> list[str]:
        return [path for path, _ in self.asked if path.startswith(begin)]


@contextmanager
def serving(provider: Provider):
    """Serve on a free port of this machine until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer = provider.answer(self.path.lstrip("/"), {name.lower(): text for name, text in self.headers.items()})
            self.send_response(answer.status)
            for name, text in answer.headers.items():
                self.send_header(name, text)
            if answer.has_length:
                self.send_header("Content-Length", str(len(answer.content)))
            else:
                self.close_connection = True
            self.end_headers()
            self.wfile.write(answer.content[: answer.breaks_after])
            if answer.breaks_after is not None:
                self.close_connection = True

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    provider.address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def ranged(content: bytes, breaks_after: int | None = None, tag: str = '"v1"') -> Callable:
    """A file that can be asked for from a byte on, as long as it is the same file."""

    def answer(path: str, headers: dict[str, str]) -> Answer:
        known = {"ETag": tag, "Accept-Ranges": "bytes"}
        if "range" in headers and headers.get("if-range") == tag:
            begin = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
            extent = f"bytes {begin}-{len(content) - 1}/{len(content)}"
            return Answer(content[begin:], 206, known | {"Content-Range": extent}, breaks_after)
        return Answer(content, 200, known, breaks_after)

    return answer


def structure(
    flow: str, codes: dict[str, dict[str, str]], title: str = "Made up", agency: str = "ESTAT", version: str = "2.1"
) -> bytes:
    """An SDMX-ML structure message as Eurostat serves it: dataflow, structure, concepts and code lists; of 2.1 or 3.0."""
    namespaces = " ".join(
        f'xmlns:{prefix}="http://www.sdmx.org/resources/sdmxml/schemas/v{version.replace(".", "_")}/{name}"'
        for prefix, name in {"m": "message", "s": "structure", "c": "common"}.items()
    )
    kept = f'agencyID="{agency}" version="1.0"'

    def to(package: str, kind: str, name: str, item: str = "") -> str:
        """A reference: elements in 2.1, a URN in 3.0."""
        if version == "3.0":
            return f"urn:sdmx:org.sdmx.infomodel.{package}.{kind}={agency}:{name}(1.0){f'.{item}' if item else ''}"
        if item:
            parent = f'maintainableParentID="{name}" maintainableParentVersion="1.0" agencyID="{agency}"'
            return f'<Ref {parent} id="{item}" class="{kind}" package="{package}"/>'
        return f'<Ref id="{name}" {kept} class="{kind}" package="{package}"/>'

    lists = "".join(
        f'<s:Codelist id="CL_{name.upper()}" {kept}><c:Name xml:lang="en">{name}</c:Name>'
        + "".join(f'<s:Code id="{c}"><c:Name xml:lang="en">{label}</c:Name></s:Code>' for c, label in known.items())
        + "</s:Codelist>"
        for name, known in codes.items()
    )
    concepts = "".join(
        f'<s:Concept id="{name}"><c:Name xml:lang="en">{name}</c:Name></s:Concept>'
        for name in (*codes, "TIME_PERIOD", "OBS_VALUE")
    )
    concept_scheme = f'<s:ConceptScheme id="CS" {kept}><c:Name xml:lang="en">CS</c:Name>{concepts}</s:ConceptScheme>'

    def identity(name: str) -> str:
        return f"<s:ConceptIdentity>{to('conceptscheme', 'Concept', 'CS', name)}</s:ConceptIdentity>"

    dimensions = "".join(
        f'<s:Dimension id="{name}" position="{position}">{identity(name)}<s:LocalRepresentation><s:Enumeration>'
        f"{to('codelist', 'Codelist', f'CL_{name.upper()}')}</s:Enumeration></s:LocalRepresentation></s:Dimension>"
        for position, name in enumerate(codes, start=1)
    )
    measure = "Measure" if version == "3.0" else "PrimaryMeasure"
    schemes = "ConceptSchemes" if version == "3.0" else "Concepts"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<m:Structure {namespaces}><m:Header><m:ID>DF</m:ID><m:Test>false</m:Test><m:Prepared>2026-09-01T00:00:00</m:Prepared>
<m:Sender id="{agency}"/></m:Header><m:Structures>
<s:Dataflows><s:Dataflow id="{flow}" {kept}><c:Name xml:lang="en">{title}</c:Name>
<s:Structure>{to("datastructure", "DataStructure", flow)}</s:Structure></s:Dataflow></s:Dataflows>
<s:Codelists>{lists}</s:Codelists>
<s:{schemes}>{concept_scheme}</s:{schemes}>
<s:DataStructures><s:DataStructure id="{flow}" {kept}><c:Name xml:lang="en">{title}</c:Name><s:DataStructureComponents>
<s:DimensionList id="DimensionDescriptor">{dimensions}<s:TimeDimension id="TIME_PERIOD">
{identity("TIME_PERIOD")}<s:LocalRepresentation><s:TextFormat textType="ObservationalTimePeriod"/>
</s:LocalRepresentation></s:TimeDimension></s:DimensionList>
<s:MeasureList id="MeasureDescriptor"><s:{measure} id="OBS_VALUE">{identity("OBS_VALUE")}</s:{measure}>
</s:MeasureList></s:DataStructureComponents></s:DataStructure></s:DataStructures>
</m:Structures></m:Structure>""".encode()
