"""The bot's own words, where no article speaks: refusals and the lines around an answer."""

COVERS = (
    "They cover what runner's knee is and feels like, what causes it, exercises and stretches, "
    "running with it, braces, shoes and ice, how long recovery takes, and when to see a "
    "professional."
)
REFUSALS = {
    "not_covered": (
        "The {count} articles I answer from don't say anything I can rely on about that, so I'd "
        f"rather not guess. {COVERS} For anything else, ask a doctor or a physiotherapist."
    ),
    "medicine": (
        "I don't answer questions about medicines, injections, supplements or doses: the right "
        "choice depends on you, so please ask a pharmacist or your doctor. I answer from {count} "
        f"articles. {COVERS}"
    ),
    "off_topic": (
        f"I can only help with runner's knee, from {{count}} articles. {COVERS} "
        "What would you like to know?"
    ),
    "diagnosis": (
        "I can't tell you what you have or how it will go for you: that takes somebody who can "
        "examine your knee, so please ask a doctor or a physiotherapist."
    ),
    "vague": (
        "Tell me a little more and I can be more exact: what brings the pain on, how long you've "
        "had it, or what you'd like to do?"
    ),
}
QUOTED = {
    "diagnosis": "This is what the articles say in general:",
    "vague": "Until then, the short version:",
}
"""What leads from a refusal to the few sentences quoted beside it."""
OVERVIEW = (
    "Where is the pain of runner's knee felt?",
    "What should treatment of runner's knee work on?",
    "When should I see a professional about runner's knee?",
)
"""What a vague message is answered with: the heart of the answer to each."""
NO_MORE = (
    "That is all I found on this in the {count} articles. "
    "Ask me something else about runner's knee."
)
EMPTY = "I didn't get a question. What would you like to know about runner's knee?"
WORDS = "In plain words: {words}."
"""Before an answer that was asked for in simpler words."""
DIFFER = "The articles differ: {figures}."
DIFFER_ON = "The articles differ on {topic}: compare {sources}."
DEPENDS = "It depends:"
RARELY = "Rarely:"
AGAINST = "The articles advise against it:"
OTHERWISE = "The articles say otherwise:"
YES = "Yes:"
_WRITER = "A language model put this together"
WRITTEN = {
    (True, False): f"{_WRITER}, each sentence checked against its source",
    (True, True): f"{_WRITER}, each sentence checked against its source, and broke off here",
    (False, True): "The language model did not answer, so these are the articles' own sentences",
    (False, False): (
        "What the language model wrote is not in the articles, so these are their own sentences"
    ),
}
"""Below an answer, by whether something of the model's is shown and whether the model failed."""
PERSONAL = "one person's own experience, no medical training"
LATE = "was due for review by {day}"
EVIDENCE = {
    "clinician": "a clinician",
    "clinic": "a clinic",
    "coach": "a running coach",
    "personal": PERSONAL,
}
"""What kind of source speaks, by the `kind` in an article's front matter."""
