// Talks to the desk's addresses: JSON over HTTP, the CSRF token read from the cookie at the moment
// of sending, because logging in again (in another tab) gives a new one.

const SENTENCES = {
  down: "No connection to the newsroom. Your text is still here: press again when the line is back.",
  strange: "The newsroom did not understand this. Your text is still here: press again, or load the page in a new tab.",
  out: "You are logged out. Your text is still here: log in in a new tab, then press again.",
};

/** Milliseconds until an answer no longer counts: a picture may take long from a phone. */
const PATIENCE = { words: 15000, file: 120000 };

/** The token that shows that a request is of our own page. */
export function token() {
  return document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10) || "";
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return "desk-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends a form (with a file) or what JSON can say. Answers {ok, status, data}; never throws. `data.error` is a sentence whenever ok is false. */
export async function ask(path, content) {
  const options = { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } };
  if (content !== undefined) {
    options.method = "POST";
    const isForm = content instanceof FormData;
    options.body = isForm ? content : JSON.stringify(content);
    // A form's boundary is the browser's to say.
    if (!isForm) options.headers["Content-Type"] = "application/json";
    options.headers["X-CSRFToken"] = token();
  }
  options.signal = AbortSignal.timeout(content instanceof FormData ? PATIENCE.file : PATIENCE.words);
  let answer;
  try {
    answer = await fetch(document.body.dataset.base + path, options);
  } catch {
    return { ok: false, status: 0, data: { error: SENTENCES.down } };
  }
  let data;
  try {
    data = await answer.json();
  } catch {
    // The failure page of the CSRF check, a proxy's error page: no JSON of ours.
    data = { error: answer.status === 403 ? SENTENCES.out : SENTENCES.strange };
  }
  if (!answer.ok && !data.error) data.error = SENTENCES.strange;
  return { ok: answer.ok, status: answer.status, data };
}
