"""Passages and facts for the provider's tests."""

from pipelines.contract import Category, Fact, Message, Passage


def said(*texts: str, assistant: str = "", n: int = 1) -> Passage:
    """A passage in which the user says the texts, and the assistant answers the last."""
    messages = [Message(f"m{n}.{i}", "user", text, 1_700_000_000.0 + i) for i, text in enumerate(texts)]
    if assistant:
        messages.append(Message(f"m{n}.a", "assistant", assistant))
    return Passage(f"c{n}", "A talk", 1_700_000_000.0, tuple(messages))


def fact(value: str, category: Category = "interest", support: int = 1, sentence: str = "") -> Fact:
    """A fact whose other parts do not matter."""
    return Fact(category, value, sentence or f"I love {value}", "c1", "m1", support=support)
