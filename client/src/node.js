/**
 * Something in the store that can be looked at and listened to: a match, a market, a cell, a list. `get()` gives the same
 * value until something of it has changed; `subscribe()` hears of every change, and gives back what ends it.
 *
 * @template T
 */
export class Node {
  constructor(kind, read) {
    this.kind = kind;
    this.read = read;
    /** @type {Set<{listen: (value: T) => void}>} */
    this.listeners = new Set();
    this.isStale = true;
    this.get = this.get.bind(this);
    this.subscribe = this.subscribe.bind(this);
  }

  /** @returns {T} */
  get() {
    if (this.isStale) {
      this.isStale = false;
      this.value = keep(this.value, this.read(this.value));
    }
    return this.value;
  }

  /** @param {(value: T) => void} listen @returns {() => void} ends it; more than once does no harm */
  subscribe(listen) {
    // A listener may be there twice: each has an entry of its own.
    const entry = { listen };
    if (this.listeners.size === 0) {
      this.told = this.get();
    }
    this.listeners.add(entry);
    return () => {
      this.listeners.delete(entry);
    };
  }

  /** Listeners that are there now hear of it, when there is something to hear; what one of them throws hurts nobody. */
  tell(onProblem) {
    const value = this.get();
    if (value === this.told) {
      return;
    }
    this.told = value;
    for (const entry of [...this.listeners]) {
      if (this.listeners.has(entry)) {
        try {
          entry.listen(value);
        } catch (problem) {
          onProblem(problem);
        }
      }
    }
  }
}

/** The old value where the new one says the same. */
function keep(before, now) {
  return before !== undefined && now !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
