"""Every kind of post in every state, by group: what docs/components.md pictures, one group a picture.

City, people and figures are invented.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from events import publishing
from events.models import Post
from events.publishing import Named, Words

#: What is done to a post after it was published, at a moment.
Deed = Callable[[Post, datetime], object]

LONG = (
    "Harbour council votes by eleven to ten to move the ferry terminal to the northern mole, "
    "against the advice of the pilots, the fishers and its own engineers"
)
BODY = "The first tram left the harbour with two hundred people on board, and reached the market eleven minutes later."


@dataclass(frozen=True)
class Group:
    """Posts that are pictured together; `about` is the paragraph above the picture."""

    name: str
    title: str
    about: str
    posts: tuple[tuple[Words, Deed | None], ...]


def said(name: str, role: str = "", organisation: str = "", **fields: Any) -> Named:
    """Somebody who says something."""
    return Named(as_named=name, as_role=role, as_organisation=organisation, **fields)


def words(headline: str = "", body: str = "", **fields: Any) -> Words:
    """A post; the body is plain."""
    return Words(headline=headline, body=f"<p>{body}</p>" if body else "", **fields)


MAYOR = said("Salma al-Natour", "mayor of Nawrasan", medium="reporters", verb="told", place="the harbour station")
GAZETTE = said("the Harbour Gazette", basis="outlet", verb="reported")
LONG_NAME = said(
    "Wilhelmina Konstantinopoulou-Featherstonehaugh",
    "deputy undersecretary for coastal infrastructure and inland waterways",
    "Ministry of Transport, Public Works and Water Management",
    medium="a joint session of both chambers",
    verb="told",
)


def _revised(change: str, note: str) -> Deed:
    def deed(post: Post, at: datetime) -> object:
        again = Words(headline=post.headline, body=f"{post.html}<p>It now has one sentence more.</p>", kind=post.kind)
        return publishing.revise(
            post, words=again, revision=post.revision, by=None, change=change, note=note, at=at + timedelta(minutes=9)
        )

    return deed


def _corrected(post: Post, at: datetime) -> object:
    right = Words(headline=post.headline, body=post.html.replace("fourteen", "eleven"))
    note = "An earlier version of this post said that the ride took fourteen minutes. It took eleven."
    return publishing.correct(post, words=right, revision=post.revision, note=note, by=None, at=at)


def _confirmed(post: Post, at: datetime) -> object:
    publishing.stand(post, by=None, standing="not_confirmed", at=at)
    return publishing.stand(post, by=None, standing="confirmed", at=at + timedelta(minutes=22))


GROUPS = (
    Group(
        "news",
        "News",
        "A hollow dot. With a headline, with one as long as can be, and without: a snap is one line.",
        (
            (words("The first tram leaves the harbour", BODY, attributions=(MAYOR,), byline="Noor Haddad"), None),
            (words(LONG, "The vote took four hours.", attributions=(said("the council", basis="document"),)), None),
            (words("", "Doors close. The tram is moving.", attributions=(Named(basis="witnessed"),)), None),
            (words("One line, and no more"), None),
        ),
    ),
    Group(
        "key",
        "Key event",
        "A filled dot, and the words. It stands in the list on top as well.",
        ((words("The line is open", BODY, key_event=True, attributions=(MAYOR,)), None),),
    ),
    Group(
        "quote",
        "Quotations",
        "Set larger than the text, with marks in the margin: word for word, in part, translated, under a headline and "
        "without one. The speaker stands below: name, role, how and where.",
        (
            (
                words(
                    kind="quote",
                    attributions=(said("Hadi al-Attar", "passenger", quote="I waited two years for this seat."),),
                ),
                None,
            ),
            (
                words(
                    "Mayor counts on a second line",
                    "She named no year.",
                    kind="quote",
                    attributions=(
                        said(
                            "Salma al-Natour",
                            "mayor of Nawrasan",
                            quote="before the next election",
                            quote_form="partial",
                            verb="wrote",
                            medium="on X",
                            link="https://example.org/status/1",
                        ),
                    ),
                ),
                None,
            ),
            (
                words(
                    kind="quote",
                    attributions=(
                        said(
                            "Salma al-Natour",
                            "mayor of Nawrasan",
                            quote="هذا الخط لكل من انتظره، ولن يكون الأخير.",
                            language="ar",
                            quote_form="verbatim",
                        ),
                        said(
                            "Salma al-Natour",
                            "mayor of Nawrasan",
                            quote="This line is for everyone who waited for it, and it will not be the last.",
                            quote_form="translated",
                            translated_by="the desk",
                        ),
                    ),
                ),
                None,
            ),
        ),
    ),
    Group(
        "sources",
        "Sources",
        "Small print that says who, in what role, how and where; none, five, an unnamed one with the reason, and names "
        "as long as they come.",
        (
            (words("No source at all", "What everybody can see needs nobody to say it."), None),
            (
                words(
                    "Five sources agree",
                    BODY,
                    attributions=(
                        MAYOR,
                        said("Nawrasan Tram Company", basis="document", verb="reported"),
                        GAZETTE,
                        Named(basis="witnessed"),
                        Named(
                            basis="unnamed",
                            described_as="an engineer of the company",
                            reason_unnamed="staff may not speak to reporters",
                        ),
                    ),
                ),
                None,
            ),
            (words("A ministry speaks", "It said little.", attributions=(LONG_NAME,)), None),
        ),
    ),
    Group(
        "standing",
        "Is it so?",
        "Sentences, not badges. Nothing where the attribution is enough; what changed is dated.",
        (
            (
                words(
                    "The line is said to have cost twice the plan",
                    "The Gazette names no document.",
                    kind="elsewhere",
                    standing="not_confirmed",
                    attributions=(GAZETTE,),
                ),
                None,
            ),
            (words("Both sides claim the idea", "Each has a letter to show.", standing="disputed"), None),
            (words("No, the bridge is not closed", "A picture from another year goes round.", standing="false"), None),
            (words("Second tram on its way", "It left at noon.", attributions=(GAZETTE,)), _confirmed),
        ),
    ),
    Group(
        "background",
        "Background and analysis",
        "Quieter than news by size and by the word, never by grey; background has a dotted mark.",
        (
            (
                Words(
                    headline="One line, eleven stops",
                    body="<p>It runs from the harbour to the gardens:</p><ul><li>five kilometres,</li><li>eleven "
                    "stops,</li><li>one bridge.</li></ul><p>Work began <a href='https://example.org/'>five years "
                    "ago</a>.</p>",
                    kind="background",
                ),
                None,
            ),
            (words("What the delay has cost", "Two years, and a mayor.", kind="analysis", byline="Noor Haddad"), None),
        ),
    ),
    Group(
        "tombstones",
        "Held, withdrawn, retracted",
        "No words of the post; one sentence, its time, and where to read instead.",
        (
            (words("Held"), lambda post, _at: publishing.hold(post, by=None)),
            (words("Withdrawn"), lambda post, _at: publishing.withdraw(post, by=None, note="It was said twice.")),
            (
                words("Retracted"),
                lambda post, _at: publishing.retract(post, by=None, note="The figures were not the company’s."),
            ),
        ),
    ),
    Group(
        "changes",
        "Corrections",
        "What changed stands above the text and in the stream: a correction has an entry of its own, which leads to "
        "the post.",
        (
            (words("Eleven minutes to the market", BODY.replace("eleven", "fourteen")), _corrected),
            (words("Rides are free today", "All day long."), _revised("clarification", "Free until midnight, not on.")),
            (words("More trams are coming", "Two of them."), _revised("addition", "The second left at 12:40.")),
        ),
    ),
    Group(
        "words",
        "Inside the text",
        "Whatever the editor can make: headings, lists, a quoted passage, links, code, a word that does not end.",
        (
            (
                Words(
                    headline="All that a text may hold",
                    body="<p>Words with <strong>weight</strong>, with <em>stress</em>, <s>taken back</s>, and a "
                    "<a href='https://example.org/a/long/address'>link</a>.</p><h4>A heading</h4><ol><li>One,</li>"
                    "<li>two.</li></ol><blockquote><p>A passage from a document, as it stands there.</p></blockquote>"
                    f"<p><code>lb:inserted</code> and {'Donaudampfschiff' * 5}.</p>",
                ),
                None,
            ),
        ),
    ),
    Group(
        "time",
        "Time between posts",
        "Forty minutes without a post break the line; a new day is a rule across it. Both stand between posts, never "
        "inside one.",
        (
            (words("The last test run is over", "It took nine minutes.", attributions=(MAYOR,)), None),
            (words("The depot opens its doors", "Everybody may look."), None),
            (words("Hundreds wait before the depot", "It is still closed."), None),
        ),
    ),
)
#: Minutes between two posts of the group about time; all others are seven apart.
APART = {"time": 700}
