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
    // Tells whether it is remembered now.
    write(value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };
}

// The names of what is remembered that begin so.
export function names(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`mantel.${start}`)).map((key) => key.slice("mantel.".length));
  } catch {
    return [];
  }
}

// Things that are kept each by itself, by their client_id, where two tabs may be writing at once.
export function shelf(name) {
  const prefix = `mantel.${name}.`;
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return undefined; // see above
    }
  };
  const all = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    read: () => quietly(() => all().map((key) => quietly(() => JSON.parse(localStorage.getItem(key))))?.filter(Boolean)) ?? [],
    put: (one) => quietly(() => localStorage.setItem(prefix + one.client_id, JSON.stringify(one))),
    drop: (ids) => quietly(() => ids.forEach((id) => localStorage.removeItem(prefix + id))),
    watch: (act) => addEventListener("storage", ({ key }) => (key === null || key.startsWith(prefix)) && act()),
  };
}
