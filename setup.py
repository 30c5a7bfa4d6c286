"""For the time being: `python setup.py build_ext --inplace`."""

from setuptools import setup

setup()
