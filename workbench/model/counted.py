"""How many there are of something, as a command says it."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with what it counts: ``1 run``, ``2,014 runs``; ``many`` where that is not ``one`` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
