"""Imported by Python itself when this folder is on its path: its sockets reach this machine only.

The processes of a reproduction start with this, so that they make studies from an archive and nothing else. Programs in other
languages are not held by it.
"""

import sys

_HERE = ("", "localhost", "127.0.0.1", "::1")


def _refuse_network(event: str, arguments: tuple) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1]:
        _refuse_unless_here(arguments[1][0])
    elif event == "socket.getaddrinfo":
        _refuse_unless_here(arguments[0])


def _refuse_unless_here(host: object) -> None:
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if name is not None and name not in _HERE:
        raise PermissionError(f"a study is made again without network, and {name} was asked for")


sys.addaudithook(_refuse_network)
