/* Where the reader is, and how not to move them. */

/** Whether any of the element, or the place where it would be, is on the screen. */
export function inView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom >= 0 && top <= innerHeight;
}

/** Call `then` once, as soon as the element is off the screen. */
export function whenAway(element, then) {
  const observer = new IntersectionObserver((entries) => {
    if (entries.at(-1).isIntersecting) return;
    observer.disconnect();
    then();
  });
  observer.observe(element);
}

/** Measure an element; return fix(other), which makes what then stands there take the same room. */
export function hold(element) {
  const { height } = element.getBoundingClientRect();
  const next = element.nextElementSibling;
  const before = next?.getBoundingClientRect().top;
  return (other) => {
    other.style.minBlockSize = `${height}px`;
    // Margins collapse otherwise than before.
    const moved = next ? before - next.getBoundingClientRect().top : 0;
    if (moved) other.style.minBlockSize = `${height + moved}px`;
  };
}

/**
 * Run `change`, and see to it that the post being read stays where it is. Browsers with
 * scroll anchoring do that better than we can; only for the others do we.
 */
export function keep(box, change) {
  const root = document.documentElement;
  const anchored = CSS.supports("overflow-anchor", "auto") && getComputedStyle(root).overflowAnchor !== "none";
  const read = !anchored && scrollY > 0 && [...box.children].find((child) => child.getBoundingClientRect().bottom > 0);
  const before = read && read.getBoundingClientRect().top;
  change();
  if (read && read.isConnected) scrollBy({ top: read.getBoundingClientRect().top - before, behavior: "instant" });
}

/** Whether anything plays. */
export function isPlaying() {
  return [...document.querySelectorAll("audio, video")].some((player) => !player.paused);
}

/** Whether something is under way that new posts should not disturb. */
export function isBusy(box) {
  return (
    document.hidden ||
    box.contains(document.activeElement) ||
    !getSelection().isCollapsed ||
    isPlaying()
  );
}
