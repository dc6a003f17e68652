// Every word of the widget, by language. A page can bring a language of its own (docs/embed-html.md), with lists
// `emergencies` and `urgent` of its own too; without them the red flags are those of the clinic's table.
const TEXTS = {
  en: {
    dir: "ltr",
    launcher: "Ask about runner’s knee",
    subtitle: "Runner’s knee, answered from published articles",
    notice: "Education, not medical advice.",
    privacy: "Privacy",
    kept: "Your questions go to {name} and are not kept.",
    logged: "Your questions go to {name}. Those that the articles could not answer are kept for {days} days, without names and numbers, to improve the articles.",
    label: "Your question",
    placeholder: "Ask about runner’s knee",
    send: "Send",
    stop: "Stop",
    close: "Close",
    fresh: "New conversation",
    conversation: "Conversation",
    you: "You asked",
    reply: "Answer",
    searched: "Searched for: {text}",
    edit: "Edit",
    editWhat: "this question",
    says: "Who says so: {text}.",
    waiting: "Looking in the articles …",
    slow: "This is taking longer than usual.",
    stopped: "You stopped this answer here.",
    sources: "Sources",
    source: "source {n}",
    sourceTitle: "Source {n}",
    reviewed: "reviewed {date}",
    noAuthor: "No author named",
    noReview: "No review date given",
    overdue: "Its next review was due by {date}; newer advice may differ.",
    cited: "Cited:",
    whole: "Open the whole article",
    newTab: "opens in a new tab",
    back: "Back to the conversation",
    opening: "Opening the article …",
    noPassage: "The passage could not be loaded. Please check the connection, or open the whole article.",
    why: "Why",
    from: "Source: {text}",
    call: "Call {number}",
    book: "Book an appointment",
    helpful: "Was this helpful?",
    up: "Helpful",
    down: "Not helpful",
    thanks: "Thank you.",
    retry: "Try again",
    offline: "You seem to be offline. Your question was not sent.",
    unreachable: "The chat cannot be reached at the moment. Your question was not answered.",
    busy: "Many people are asking at the moment. Please try again in half a minute.",
    many: "Those were many questions in a short time. Please wait {seconds} seconds and try again.",
    late: "The answer took too long and was stopped.",
    tooLong: "Your message has {length} characters and the limit is {limit}. Please shorten it.",
    tooMany: "This conversation has reached its {limit} messages. Choose “New conversation” to go on.",
    answering: "The last answer is still coming in.",
    meanwhile: "You can also call {name}:",
    flags: "Do not wait for this chat if you notice one of these",
    now: "Call {emergency} now:",
    today: "Get medical care today:",
  },
};

const tell = (texts, key, values = {}) =>
  (texts[key] ?? TEXTS.en[key]).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// The same with an element in the place of {text}.
const around = (texts, key, element) => {
  const [before, after] = (texts[key] ?? TEXTS.en[key]).split("{text}");
  return [before, element, after];
};
