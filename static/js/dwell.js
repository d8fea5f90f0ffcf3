// When a text counts as read: this share of its estimated time in sight, within bounds in seconds, and its end reached.

const WORDS_PER_MINUTE = 220;
const READ_SHARE = 0.3;
const LEAST = 5;
const MOST = 60;

// `note` is told "opened" at once and "read" in time, each once. Returns what stops the watch.
export function dwell({ words, end, note }) {
  const enough = Math.min(MOST, Math.max(LEAST, (words / WORDS_PER_MINUTE) * 60 * READ_SHARE));
  const noted = new Set();
  let inSight = 0;
  let endSeen = !end;

  function once(fact) {
    if (noted.has(fact)) return;
    noted.add(fact);
    note(fact);
  }

  function second() {
    if (document.hidden) return;
    once("opened");
    inSight += 1;
    if (inSight >= enough && endSeen) once("read");
  }

  const eye = new IntersectionObserver(([entry]) => (endSeen ||= entry.isIntersecting && !document.hidden));
  if (end) eye.observe(end);
  const beat = setInterval(second, 1000);
  second();
  return () => {
    clearInterval(beat);
    eye.disconnect();
  };
}
