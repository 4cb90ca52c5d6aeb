"""Pictures for whoever shares an event or a post: what they say, and how they are drawn.

`facts` knows the words and the address, which changes whenever a word on the picture does; `drawing`
makes the PNG. Where there is no font for a script there is no picture: better none than boxes.
"""

from events.cards import fonts
from events.cards.drawing import can_draw, draw
from events.cards.facts import HEIGHT, WIDTH, WIDTHS, Card, of_event, of_post

__all__ = ["HEIGHT", "WIDTH", "WIDTHS", "Card", "can_draw", "draw", "fonts", "of_event", "of_post"]
