/**
 * The markets under which each match is held; undefined is all. Never more than the relay really sent it under: to claim less
 * costs an image at the next reconnect, to claim more would leave a market standing while it moves. What the relay no longer
 * sends is dropped, for the same reason.
 */
export class Columns {
  /** @param {import('./store.js').Store} store @param {import('./subscription.js').Subscriptions} subscriptions */
  constructor(store, subscriptions) {
    this.store = store;
    this.subscriptions = subscriptions;
    /** @type {Map<string, string[] | undefined>} */
    this.held = new Map();
    /** Matches of which this link has spoken: what is sent of them from here on begins at what the link itself has sent. */
    this.spoken = new Set();
    /** Matches that the link has sent as they were before where they are held: it takes them to be held so. */
    this.passed = new Set();
  }

  of(match) {
    return this.held.has(match) ? this.held.get(match) : [];
  }

  opened() {
    this.spoken.clear();
    this.passed.clear();
  }

  image(match) {
    this.spoken.add(match);
    this.passed.delete(match);
    this.held.set(match, this.subscriptions.sure(match));
  }

  patch(match) {
    this.spoken.add(match);
    this.held.set(match, both(this.of(match), this.subscriptions.sure(match)));
    if (this.subscriptions.isReady()) {
      this.narrow(match);
    }
  }

  /** All subscriptions are in force: a match that had not all of their columns before has been sent anew. */
  settle(isDoubtful) {
    for (const match of this.store.held.keys()) {
      if (!isDoubtful(match) && this.subscriptions.naming(match).length > 0) {
        const sure = this.subscriptions.sure(match);
        this.held.set(match, this.spoken.has(match) ? sure : both(this.of(match), sure));
        this.narrow(match);
      }
    }
  }

  narrow(match) {
    const columns = this.of(match);
    if (columns) {
      this.store.narrow(match, (market) => covers(columns, market));
    }
  }

  gone(match) {
    this.spoken.delete(match);
    this.passed.delete(match);
    this.held.delete(match);
  }
}

/** The markets that are wanted together. @param {(string[] | undefined)[]} columns */
export function union(columns) {
  return columns.includes(undefined) ? undefined : [...new Set(columns.flat())].sort();
}

/** What both cover; `totals` covers `totals:3.5` too. */
export function both(a, b) {
  if (!a || !b) {
    return a ?? b;
  }
  return [...new Set([...a.filter((market) => covers(b, market)), ...b.filter((market) => covers(a, market))])].sort();
}

/** @param {string[] | undefined} columns @param {string} market */
export function covers(columns, market) {
  return !columns || columns.some((column) => market === column || market.startsWith(`${column}:`));
}
