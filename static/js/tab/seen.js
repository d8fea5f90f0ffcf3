// The picture has reached the screen. A tab behind another has none to wait for.

const HIDDEN = 500;

export const seen = new Promise((done) => {
  new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").length && done()).observe({ type: "paint", buffered: true });
  setTimeout(done, HIDDEN);
});
