// Keeps the list of prompts as it is on the server, without a reload. Where there is no stream of events, it looks every 10 s.

const list = document.getElementById('list');
const lookEveryMs = 10_000;

let source;
let timer;
let refreshing = false;
let isStale = false;

function follow() {
  source = new EventSource(list.dataset.events);
  // What has changed between the page, or the stream before, and this one was told to nobody.
  source.addEventListener('open', refresh);
  source.addEventListener('prompts', refresh);
  source.addEventListener('error', () => {
    // Of a lost connection the browser takes care. What is closed was refused: too many pages follow.
    if (source.readyState !== EventSource.CLOSED) return;
    refresh();
    timer = setTimeout(follow, lookEveryMs);
  });
}

function rest() {
  source?.close();
  clearTimeout(timer);
}

/** One at a time, and once more for what is told meanwhile. */
async function refresh() {
  isStale = true;
  if (refreshing) return;
  refreshing = true;
  try {
    while (isStale && !document.hidden) {
      isStale = false;
      // The address has the search, the filters and the page.
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (!answer.ok) break;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      show(page.getElementById('list'));
    }
  } catch {
    // The server is not there; when it is back, the stream opens again.
  } finally {
    refreshing = false;
  }
}

function show(fresh) {
  if (fresh === null || document.hidden || list.isEqualNode(fresh)) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  const anchor = scrollY > 0 ? [...list.querySelectorAll('h2 a')].find((link) => topOf(link) >= 0) : undefined;
  const before = anchor && topOf(anchor);
  list.replaceChildren(...fresh.childNodes);
  linkTo(focused)?.focus({ preventScroll: true });
  // Whoever reads further down goes on at the same prompt.
  const same = anchor && linkTo(anchor.getAttribute('href'));
  if (same) scrollBy(0, topOf(same) - before);
}

function linkTo(address) {
  return [...list.querySelectorAll('a')].find((link) => link.getAttribute('href') === address);
}

function topOf(element) {
  return element.getBoundingClientRect().top;
}

// Nobody looks at a hidden page, and it would hold one of few streams.
document.addEventListener('visibilitychange', () => {
  rest();
  if (!document.hidden) follow();
});
if (!document.hidden) follow();
