"""Forecasts of counts, each with the check of what the same method would have said in the past.

`forecast` makes one; there is no other way to a `workbench.methods.forecasting.forecast.Forecast`. `scores` needs neither it
nor statsmodels.
"""
