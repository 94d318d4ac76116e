import pytest
from babel.messages.catalog import Catalog, Message

from tests.gates.untranslated import collected, complaint, complaints


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("Bonjour %(name)s", None),
        ("", "has no translation"),
        ("   ", "has no translation"),
        ("Bonjour", "lost a placeholder in translation"),
        ("Bonjour %(name)s, %(rank)s", "has a placeholder that the sentence does not know"),
    ],
)
def test_one_translation(translation: str, problem: str | None) -> None:
    found = Message("Hello %(name)s", translation)
    assert complaint(Message("Hello %(name)s"), found) == problem


def test_a_plural_form_may_leave_the_number_out() -> None:
    wanted = Message(("One case", "%(count)s cases"))
    assert complaint(wanted, Message(wanted.id, ("Une affaire", "%(count)s affaires"))) is None
    assert complaint(wanted, Message(wanted.id, ("Une affaire", ""))) == "has no translation"


def test_a_doubtful_translation_does_not_count() -> None:
    found = Message("Save", "Garder", flags=["fuzzy"])
    assert complaint(Message("Save"), found) == "has a translation marked as doubtful"


def test_a_sentence_that_no_catalogue_has_is_named() -> None:
    found = list(complaints([Message("Save")], Catalog(locale="fr")))
    assert found == [("Save", "is not in the catalogue; run `make messages`")]


def test_sentences_are_found_in_the_code() -> None:
    assert len(collected()) > 0


def test_plurals_are_found_in_the_code() -> None:
    plural = {str(message.id[0]) for message in collected() if message.pluralizable}
    assert "%(shown)s case." in plural  # by translate_plural
    assert any("%(n)s sign-in with your name failed" in text for text in plural)  # by NN_
