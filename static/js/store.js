// A small memory on this computer. It may be missing or full (private windows): then nothing is remembered, and nothing breaks.

export function remember(name) {
  const key = `mantel.${name}`;
  return {
    read(otherwise = null) {
      try {
        return JSON.parse(localStorage.getItem(key)) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    write(value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // see above
      }
    },
  };
}
