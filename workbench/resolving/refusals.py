"""How a parameter of a run is refused, before anything runs."""

from workbench.model.errors import RefusedRun

NOTHING_RAN = "nothing was run and nothing was written"


def refused_parameter(study: str, what: str, expected: str, name: str, found: object = None) -> RefusedRun:
    """The error that names a parameter, what it may be and where that is declared."""
    return RefusedRun(
        f"{study}: {what}",
        where=f"parameter {name}",
        expected=expected,
        found=None if found is None else repr(found),
        unchanged=NOTHING_RAN,
        hint=f"params/studies/{study}.yaml says what each parameter may be",
    )
