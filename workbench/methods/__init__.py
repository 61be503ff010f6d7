"""Statistical methods of the field: pure functions of arrays and series, each with its formula, its assumptions and a reference."""
