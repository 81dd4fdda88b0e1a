"""What the worker does for decisions. procrastinate finds its tasks by importing this package."""

from decisions.tasks import periodic

__all__ = ["periodic"]
