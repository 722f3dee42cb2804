"""The PyO3 variant: Python's runtime around the core of the Rust variant, which does all the steps."""

from duel_core import Function

FUNCTION = Function()


def handler(_event, _context):
    """One invocation; the event is not looked at, as in the other variants."""
    return FUNCTION.invoke()
