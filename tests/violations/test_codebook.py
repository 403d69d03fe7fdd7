"""Every code has a meaning, in one sentence, and every list says where it comes from."""

import pytest

from violations.codebook_definitions import LISTS


@pytest.mark.parametrize("name", LISTS)
def test_every_code_of_a_list_is_defined_and_nothing_else_is(name):
    assert set(LISTS[name].definitions) == set(LISTS[name].codes.values)


@pytest.mark.parametrize("name", LISTS)
def test_a_definition_is_one_sentence_that_says_more_than_the_label(name):
    labels = dict(LISTS[name].codes.choices)
    for code, definition in LISTS[name].definitions.items():
        said = str(definition)
        assert said.endswith(".")
        assert ". " not in said
        assert said.rstrip(".").casefold() != str(labels.get(code, "")).casefold()
    assert LISTS[name].origin.endswith(".")
