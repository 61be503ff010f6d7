"""Days and moments as ISO 8601."""

import datetime


def iso(moment: datetime.datetime) -> str:
    """A day; or, where it is not midnight, the moment."""
    return moment.strftime("%Y-%m-%d") if moment.time() == datetime.time() else moment.isoformat()
