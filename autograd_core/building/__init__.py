"""How the package is compiled; only a build comes here, nothing that runs does.

Some modules of `autograd_core` are compiled from the very Python source that runs without a
compiler; the `.pxd` beside each gives Cython its C types. They are compiled together or not at all,
and an installation never fails for want of a compiler, of Python's headers or of Cython: it then
installs the plain source and says so in one line. AUTOGRAD_CORE_PLAIN=1 asks for that outright.

`modules` says what is compiled and how, `declarations` writes the types of the rules, `commands`
are what setuptools runs (pyproject.toml names them). Setuptools loads `commands` by its path,
before there is a package to import, so the modules read one another by path as well and stand on
the standard library alone.

To compile in place, for work on the package itself:

    python -c "from setuptools import setup; setup()" -q build_ext --inplace
"""
