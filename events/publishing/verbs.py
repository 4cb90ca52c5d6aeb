"""The verbs of publishing: what each is on the wire, and when it may be done."""

#: What each verb is on the wire.
ACTIONS = {
    "publish": "publish",
    "restore": "publish",
    "revise": "revise",
    "correct": "revise",
    "mark": "revise",
    "move": "revise",
    "stand": "revise",
    "clean": "revise",
    "hold": "withdraw",
    "withdraw": "withdraw",
    "retract": "withdraw",
    "remove": "withdraw",
    "undo": "withdraw",
    # What the sentence of a withdrawn post leads to can be read, or no longer.
    "lead": "withdraw",
    "pin": "event",
    "unpin": "event",
    "summarise": "event",
    "open": "event",
    "pause": "event",
    "end": "event",
    "change": "event",
}
#: What a composer does with its words: whoever had no answer may choose another of them.
WRITING = frozenset({"draft", "schedule", "send", "publish", "revise", "correct"})
#: What may still be done while an event is frozen, or before its embargo is over: it gives readers nothing to read.
PROTECTIVE = frozenset(
    {
        "hold", "withdraw", "retract", "remove", "undo", "change", "draft", "delete", "schedule", "unschedule", "miss",
        "claim", "unclaim", "send_back", "note", "clean",
    }
)  # fmt: skip
