"""Errors that go from one process to another."""

from __future__ import annotations

import pickle

import pytest

from core.errors import Conflict, CopseError, FileProblem, InputError, NotAllowed


@pytest.mark.parametrize("kind", [InputError, NotAllowed, Conflict, FileProblem])
def test_an_error_arrives_whole_in_another_process(kind: type[CopseError]) -> None:
    error = kind("import.nothing", "{name} holds {number} entries.", name="medline.ris", number=3)
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is kind
    assert (arrived.code, arrived.text, arrived.params) == (error.code, error.text, error.params)
    assert str(arrived) == arrived.message == "medline.ris holds 3 entries."
