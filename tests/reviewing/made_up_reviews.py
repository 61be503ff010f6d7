"""Reviews that nobody wrote, for tests."""

import json
import uuid

REVIEWER = "A made-up ministry"


def comment(words="Is that so?", kind="question", anchor="figure-made-up", quote="A made-up figure", **said):
    """A comment as a review sheet exports it; its id follows from its words and place."""
    return {
        "id": f"urn:uuid:{uuid.UUID(int=uuid.uuid5(uuid.NAMESPACE_URL, words + anchor).int)}",
        "type": "Annotation",
        "motivation": "questioning",
        "kind": kind,
        "created": "2026-11-20T10:00:00.000Z",
        "body": {"type": "TextualBody", "format": "text/plain", "language": "en", "value": words},
        "target": {
            "source": "https://studies.example/2022/LT/asylum_applications.en.html",
            "selector": {
                "type": "FragmentSelector",
                "value": anchor,
                "refinedBy": {"type": "TextQuoteSelector", "exact": quote},
            },
        },
        **said,
    }


def review(*comments, verdict="approved", reviewer=REVIEWER, modified="2026-11-20T11:00:00.000Z", **reviewed):
    """What a review sheet exports."""
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"@vocab": "urn:migration-workbench:review:"}],
        "type": "AnnotationCollection",
        "creator": {"type": "Organization", "name": reviewer},
        "modified": modified,
        "reviewed": {
            "edition": "2022",
            "study": "asylum_applications",
            "country": "LT",
            "year": 2022,
            "language": "en",
            "digest": "0" * 64,
            **reviewed,
        },
        "verdict": verdict,
        "first": {"type": "AnnotationPage", "items": list(comments)},
    }


def written(folder, said, name="review.json"):
    """The file that a reviewer sends."""
    path = folder / name
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return path
