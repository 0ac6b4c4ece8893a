"""What the thread gets when a drill has closed."""

from bot.domain.questions import Question
from bot.ui.layouts import Page


def reveal_page(question: Question) -> Page:
    """The model answer, key points, pitfalls and sources, or an honest word when there is none yet."""
    head = f"-# Question {question.number} · closed\n### {question.prompt}"
    if question.answer is None:
        return Page(head, "There is no model answer for this question yet. Compare your answers with one another.")
    blocks = [head, f"**Model answer**\n{question.answer}"]
    blocks.append("**Key points**\n" + "\n".join(f"- {point.text}" for point in question.key_points))
    if question.pitfalls:
        blocks.append("**Pitfalls**\n" + "\n".join(f"- {pitfall}" for pitfall in question.pitfalls))
    if question.sources:
        blocks.append("-# " + " · ".join(f"[{s.title}](<{s.url}>)" for s in question.sources))
    return Page(*blocks)
