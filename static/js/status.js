/* One role=status: counts only, at most each 30 s, or a screen reader would do nothing else. */

const EVERY = 30000;

/** Return say(text), which shows the latest text at most each 30 s; "" takes back what waits. */
export function announcer(element) {
  let last = -Infinity;
  let timer;
  return (text) => {
    clearTimeout(timer);
    if (!element || !text) return;
    timer = setTimeout(
      () => {
        last = performance.now();
        element.textContent = text;
      },
      Math.max(0, last + EVERY - performance.now()),
    );
  };
}
