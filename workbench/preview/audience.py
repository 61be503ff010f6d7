"""What browsers are shown: the page, its version, and what goes on."""

import asyncio
import datetime
import json
import secrets
from collections.abc import AsyncGenerator
from typing import Any

NOTICES = "<!-- notices of the preview -->"
"""Stands in a page where what is wrong with it is inserted."""

VERSION = 'data-version=""'
"""Stands in a page where its version is inserted, by which a browser knows whether it shows the one that there is."""


class Audience:
    """The browsers that look at the preview.

    Attributes
    ----------
    beside : dict
        The page and the files that the page leads to, by their addresses; they are not renewed.
    """

    def __init__(self) -> None:
        self._page = ""
        self.beside: dict[str, bytes] = {}
        self._session, self._version = secrets.token_hex(4), 0
        self._state: dict[str, Any] = {"state": "starting"}
        self._listening: set[asyncio.Event] = set()

    @property
    def page(self) -> str:
        """What they are shown, with its version."""
        return self._page.replace(VERSION, f'data-version="{self._version_name}"', 1)

    @property
    def _version_name(self) -> str:
        return f"{self._session}-{self._version}"

    def show(self, page: str) -> None:
        """Show another page."""
        if page != self._page:
            self._page, self._version = page, self._version + 1
            self._tell()

    def become(self, state: str, **details: Any) -> None:
        """Say what goes on: ``starting``, ``running`` with the number of a cell, ``updated`` or ``failed``."""
        self._state = {"state": state, "time": f"{datetime.datetime.now():%H:%M:%S}", **details}
        self._tell()

    async def heard(self) -> AsyncGenerator[str, None]:
        """What a browser hears, as JSON: the state as it is, and then each time that it is another."""
        news = asyncio.Event()
        self._listening.add(news)
        try:
            while True:
                news.clear()
                yield json.dumps({"version": self._version_name, **self._state})
                await news.wait()
        finally:
            self._listening.discard(news)

    def _tell(self) -> None:
        for news in self._listening:
            news.set()
