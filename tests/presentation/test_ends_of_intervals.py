"""The ends of an interval, stated in a sentence."""

from both_languages import EN, LT, said
from workbench.model.types import Result

FORECAST = Result(
    "first_instance_decisions_forecast",
    "LT",
    "level=80",
    "2023",
    690,
    203.6,
    2433.2,
    "persons",
    "f",
    "migr_asydcfstq",
    "2023-06-26",
)


def test_the_ends_are_rounded_outward_and_leave_the_flag_to_the_number():
    bound = {"number": FORECAST}
    text = said(EN, "About {number}, between {number:low} and {number:high}.", bound).text
    assert text.replace("\N{NO-BREAK SPACE}", " ") == ("About 690 [f], between 203 and 2,434.")
    text = said(LT, "Apie {number}, nuo {number:low} iki {number:high}.", bound).text.replace("\N{NO-BREAK SPACE}", " ")
    assert text == "Apie 690 [f], nuo 203 iki 2 434."


def test_an_end_leads_to_the_number_it_is_of():
    html = said(EN, "At least {number:low}.", {"number": FORECAST}).html
    assert f'data-result="{"|".join(FORECAST.key)}"' in html
