"""A question answered without a notebook: a selection of an indicator or dataset as a table, a chart, a page, a cell."""
