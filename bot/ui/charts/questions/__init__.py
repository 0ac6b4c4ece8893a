"""Drawings that explain the answers of questions, by their names; `docs/authoring.md` shows all of them."""

from collections.abc import Callable, Mapping

import discord
import structlog

from bot.domain.bank import Picture, Question
from bot.ui.charts.questions import generating, images, networks, sequences, serving, systems
from bot.ui.charts.rendering import Pictures

DRAWINGS: Mapping[str, Callable[[], str]] = {
    draw.__name__.replace("_", "-"): draw
    for draw in (
        networks.backpropagation,
        networks.bent_lines,
        networks.activation_slopes,
        networks.learning_rates,
        networks.residual_path,
        networks.group_advantage,
        images.convolution,
        images.shifted_maps,
        images.pooling,
        images.receptive_field,
        images.image_tokens,
        images.image_text_pairs,
        sequences.factors_through_time,
        sequences.lstm_cell,
        sequences.self_attention,
        sequences.attention_masks,
        sequences.clock_hands,
        generating.autoencoder,
        generating.bottleneck_floor,
        generating.latent_map,
        generating.kl_two_ways,
        generating.reparameterization,
        generating.gan,
        generating.gan_spiral,
        generating.cycle,
        generating.noising,
        generating.denoising_step,
        generating.latent_diffusion,
        generating.flow_matching,
        serving.key_value_heads,
        serving.prefill_and_decode,
        serving.paged_cache,
        serving.speculative_decoding,
        serving.experts,
        systems.retrieval,
        systems.neighbor_graph,
        systems.agent_loop,
        systems.protocol,
    )
}
"""Each returns the same SVG always, and gives its name to questions: `lstm_cell` is `lstm-cell` there."""
log = structlog.get_logger()


def file_name(picture: Picture) -> str:
    """What the file of a picture is called in a message."""
    return f"{picture.name}.png"


async def attached(pictures: Pictures, question: Question, may: discord.Permissions) -> list[discord.File]:
    """The picture of a question's answer as a file to attach.

    An answer is more than its picture: where there is none, where it may not be attached, and where it cannot be
    drawn, there is no file.

    Args:
        may: what the bot may do where the answer is shown.
    """
    draw = DRAWINGS.get(question.picture.name) if question.picture else None
    if question.picture is None or draw is None or not may.attach_files:
        return []
    try:
        async with pictures.turn:
            return [await pictures.file(file_name(question.picture), draw)]
    except Exception as error:
        log.error("picture.not_drawn", picture=question.picture.name, exc_info=error)
        return []
