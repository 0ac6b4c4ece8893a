"""What the members of the demo said before today. Sample history, and marked as such wherever it is shown."""

STARTS = "📼 **Sample history starts here.** The demo wrote these answers, not people."
ENDS = "📼 **Sample history ends here.** Today's question is open: answer it."
LOBBY = "Nobody practises in this channel yet. View as Maya and try `/setup` here."

# One entry a day, oldest first: who said what, in which way (thread, reply or form).
DAYS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        (
            "Anna",
            "thread",
            "AI is the whole goal of machines that act sensibly, ML learns it from data, DL uses deep nets.",
        ),
        (
            "Ben",
            "reply",
            "Nested circles: deep learning inside machine learning inside AI. Rules without data are AI, too.",
        ),
        (
            "Chen",
            "form",
            "ML needs features made by hand more often; deep learning learns its features from raw data.",
        ),
    ),
    (
        (
            "Anna",
            "form",
            "Because it learns from data by minimising a loss, as all of ML does; only the model is deep.",
        ),
        (
            "Chen",
            "thread",
            "It is one family of models within machine learning: neural networks with several layers.",
        ),
    ),
    (
        (
            "Anna",
            "thread",
            "They model p(y|x), a border between classes, and know nothing of how x itself is distributed.",
        ),
        ("Ben", "thread", "A classifier cannot be sampled: it maps an input to a label and throws the rest away."),
        ("Chen", "reply", "Old density models break down in high dimensions, so their samples look like noise."),
    ),
    (
        (
            "Anna",
            "reply",
            "Discriminative: logistic regression, p(y|x). Generative: naive Bayes or a GAN, p(x) or p(x,y).",
        ),
        (
            "Ben",
            "form",
            "One draws the border, the other describes the countries. Only the second can invent new points.",
        ),
    ),
    (
        (
            "Anna",
            "thread",
            "Three things came together: GPUs, web-sized data, and architectures such as the transformer.",
        ),
        (
            "Chen",
            "form",
            "Compute became cheap enough, and self-supervision made unlabelled text usable as training data.",
        ),
    ),
    (
        (
            "Anna",
            "thread",
            "Loss falls as a power law in data and parameters, so more data helps as long as both grow together.",
        ),
        ("Ben", "reply", "With little data a deep net memorises; with much data it has to find the structure."),
        ("Chen", "thread", "Quality counts as well: duplicates and noise cost more than they bring."),
    ),
)
