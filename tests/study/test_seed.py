"""What is random has a seed that study, country, year and name decide."""

from workbench.study import Study


def seed(study="asylum_applications", country="LT", year=2022, name="bootstrap", **parameters):
    return Study.open(study, country=country, year=year, **parameters).seed(name)


def test_a_seed_is_of_its_study_country_year_and_name():
    others = [seed(study="asylum_decisions"), seed(country="LV"), seed(year=2021), seed(name="simulation")]
    assert len({seed(), *others}) == 5 and all(0 <= one < 2**32 for one in others)
    assert seed(language="lt") == seed(language="en"), "a study is executed once for all languages"


def test_a_seed_stays_what_it_was():
    """In every process and version: another one would give published numbers another last digit."""
    assert seed() == 823_005
