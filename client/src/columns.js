/**
 * The markets under which each match is held; undefined is all. Never more than the relay really sent it under: to claim less
 * costs an image at the next reconnect, to claim more would leave a market standing while it moves.
 */
export class Columns {
  constructor() {
    /** @type {Map<string, string[] | undefined>} */
    this.held = new Map();
    /** Matches of which this link has spoken: what is sent of them from here on begins at what the link itself has sent. */
    this.spoken = new Set();
    /** Matches that the link has sent as they were before where they are held: it takes them to be held so. */
    this.behind = new Set();
  }

  of(match) {
    return this.held.has(match) ? this.held.get(match) : [];
  }

  opened() {
    this.spoken.clear();
    this.behind.clear();
  }

  /** @param {string[] | undefined} sure of the subscriptions of which the relay has said that they are in force */
  image(match, sure) {
    this.spoken.add(match);
    this.behind.delete(match);
    this.held.set(match, sure);
  }

  patch(match, sure) {
    this.spoken.add(match);
    this.held.set(match, both(this.of(match), sure));
  }

  passed(match) {
    this.behind.add(match);
  }

  isPassed(match) {
    return this.behind.has(match);
  }

  /** All subscriptions are in force: a match that had not all of their columns before has been sent anew. */
  settled(match, sure) {
    this.held.set(match, this.spoken.has(match) ? sure : both(this.of(match), sure));
  }

  gone(match) {
    this.spoken.delete(match);
    this.behind.delete(match);
    this.held.delete(match);
  }
}

/** The markets that are wanted together. @param {(string[] | undefined)[]} columns */
export function union(columns) {
  return columns.includes(undefined) ? undefined : [...new Set(columns.flat())].sort();
}

/** What both cover; `totals` covers `totals:3.5` too. */
function both(a, b) {
  if (!a || !b) {
    return a ?? b;
  }
  return [...new Set([...a.filter((market) => covers(b, market)), ...b.filter((market) => covers(a, market))])].sort();
}

/** @param {string[] | undefined} columns @param {string} market */
export function covers(columns, market) {
  return !columns || columns.some((column) => market === column || market.startsWith(`${column}:`));
}
