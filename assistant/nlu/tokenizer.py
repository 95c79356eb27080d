"""Splits Vietnamese text into words of one or more syllables."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from vietnamese.segment import segment


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Word segmentation by underthesea, with offsets into the restored text."""

    @staticmethod
    def supported_languages() -> list[str]:
        """Vietnamese only."""
        return ["vi"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The keys that Rasa's tokenizers share."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Splits one attribute of a message.

        Returns:
            Tokens in order; a word of two syllables is one token with its space inside.
        """
        text = message.get(attribute) or ""
        tokens: list[Token] = []
        position = 0
        for joined in segment(text):
            word = joined.replace("_", " ")
            start = text.find(word, position)
            if start < 0:
                start = position
            position = start + len(word)
            tokens.append(Token(word, start))
        return tokens
