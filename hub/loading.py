"""The collector waits while a process loads Django and the apps.

Loading makes hundreds of thousands of objects that all stay. The collector would look through them again and again,
which took a quarter of the time that a process needs to start; and at its end a process would look through them once
more.
"""

import gc


def begins() -> None:
    """Collect nothing until it is loaded."""
    gc.disable()


def ends() -> None:
    """What is there by now stays and is not looked at again; collect what comes."""
    gc.freeze()
    gc.enable()
