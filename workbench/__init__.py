"""Research workbench of a National Contact Point of the European Migration Network.

The folders are layers; each imports only from those above it (``tests/test_layers.py`` holds it so):

``model``         errors, the words of the field, paths: standard library only
``declarations``  code lists, and what ``params/`` declares, validated
``data``          snapshots and observations
``indicators``    pure functions from observations to results
``presentation``  figures, tables, sentences, translation: they show results
``study``         what a notebook imports, and the only thing it imports from here
``rendering``     papermill and nbconvert: a run becomes an HTML study
``archiving``     an edition becomes a sealed archive
``publishing``    editions and the catalogue of all that was rendered
``cli``           the command line: it parses and prints
"""

__version__ = "0.2.0"
