"""Rules as functions of values. Imports no Django."""
