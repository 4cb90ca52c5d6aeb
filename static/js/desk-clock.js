// The event's time and one's own, in the header.

const event = document.getElementById("event-time");
const own = document.getElementById("own-time");
const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const there = new Intl.DateTimeFormat("en-GB", { ...shape, timeZone: document.body.dataset.zone });
const here = new Intl.DateTimeFormat("en-GB", shape);

export function tick() {
  const moment = new Date();
  event.textContent = there.format(moment);
  own.textContent = here.format(moment);
  // Whoever is where the event is needs one of them.
  own.parentElement.hidden = own.textContent === event.textContent;
  setTimeout(tick, 60000 - (moment.getTime() % 60000) + 20);
}
