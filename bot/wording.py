"""The bot's own words, where no article speaks: refusals and the lines around an answer."""

COVERS = (
    "They cover what runner's knee is and feels like, what causes it, exercises and stretches, running "
    "with it, braces, shoes and ice, how long recovery takes, and when to see a professional."
)
REFUSALS = {
    "not_covered": (
        "The {count} articles I answer from don't say anything I can rely on about that, so I'd rather "
        "not guess. " + COVERS + " For anything else, ask a doctor or a physiotherapist."
    ),
    "medicine": (
        "I don't answer questions about medicines, injections, supplements or doses: the articles don't "
        "cover them, and the right choice depends on you. Please ask a pharmacist or your doctor. "
        + COVERS
    ),
}
NO_MORE = "That is all I found on this in the {count} articles. Ask me something else about runner's knee."
EMPTY = "I didn't get a question. What would you like to know about runner's knee?"
