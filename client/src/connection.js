import { matches } from './select.js';

/** An open market counts as suspended when nothing has vouched for it for this long, ms. */
export const LATE_MS = 3000;
/** A relay speaks at least once a second: one that has not for this long, or owes an answer for so long, is given up, ms. */
const DEAD_MS = 8000;
const LOOK_MS = 500;
/** The longest first pause before a reconnect or a second question, ms; it doubles up to the last. */
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 15000;

/** @typedef {'connecting' | 'syncing' | 'live' | 'stale' | 'resyncing' | 'closed'} State */

/**
 * Keeps a store current over a link that comes and goes: asks for what is subscribed, tells what is held so that only the
 * rest is sent, asks again for a match that does not fit, and notices when nobody vouches for what is held any more. Has no
 * socket and no clock of its own, so that a test can play both.
 */
export class Connection {
  /**
   * @param {object} parts
   * @param {import('./store.js').Store} parts.store
   * @param {(hears: {opened(): void, heard(text: string): void, closed(): void}) => {send(text: string): void, close(): void}} parts.dial
   * @param {{now(): number, after(ms: number, run: () => void): () => void}} parts.clock monotonic, ms
   * @param {() => number} [parts.random] from 0 to below 1
   * @param {(state: State) => void} [parts.onState]
   * @param {(problem: Error) => void} [parts.onProblem] hears of what had to be asked for again
   */
  constructor({ store, dial, clock, random = Math.random, onState = () => {}, onProblem = () => {} }) {
    this.store = store;
    this.dial = dial;
    this.clock = clock;
    this.random = random;
    this.onState = onState;
    this.onProblem = onProblem;
    /** @type {Map<number, {select: object, markets?: string[], rate?: number, ready: boolean}>} */
    this.subscriptions = new Map();
    this.lastId = 0;
    /** Matches that were asked for again, and what ends the waiting. @type {Map<string, {times: number, cancel: () => void}>} */
    this.asked = new Map();
    /** The markets under which a match is held; undefined is all. @type {Map<string, string[] | undefined>} */
    this.columns = new Map();
    this.link = null;
    this.isOpen = false;
    this.ended = false;
    this.failures = 0;
    this.pauseAtLeast = 0;
    this.alive = { at: -Infinity, late: true, lagMs: 0 };
    this.heardAt = -Infinity;
    this.askedAt = -Infinity;
    this.wholeAt = -Infinity;
    /** @type {State} */
    this.state = 'connecting';
    this.cancelLook = () => {};
    this.cancelDial = () => {};
  }

  start() {
    this.look();
    this.connect();
  }

  close() {
    this.ended = true;
    this.cancelLook();
    this.cancelDial();
    this.forgetAsked();
    this.link?.close();
    this.link = null;
    this.store.late(true);
    this.settle();
  }

  /** @returns {number} the subscription's id */
  subscribe(select, { markets, rate } = {}) {
    const id = ++this.lastId;
    this.subscriptions.set(id, { select, markets, rate, ready: false });
    this.ask(id);
    this.settle();
    return id;
  }

  unsubscribe(id) {
    if (this.subscriptions.delete(id) && this.isOpen) {
      this.link.send(JSON.stringify({ op: 'unsub', id }));
    }
    this.settle();
  }

  connect() {
    // What an earlier link still says is nobody's business.
    const link = {};
    this.link = this.dial({
      opened: () => this.link === link.own && this.opened(),
      heard: (text) => this.link === link.own && this.heard(text),
      closed: () => this.link === link.own && this.lost(),
    });
    link.own = this.link;
    this.settle();
  }

  opened() {
    this.isOpen = true;
    this.heardAt = this.clock.now();
    this.askedAt = this.heardAt;
    for (const id of this.subscriptions.keys()) {
      this.ask(id);
    }
    this.settle();
  }

  lost() {
    this.isOpen = false;
    this.link = null;
    this.forgetAsked();
    for (const subscription of this.subscriptions.values()) {
      subscription.ready = false;
    }
    if (!this.ended) {
      const pause = Math.max(this.pauseAtLeast * this.random(), this.pause(this.failures++));
      this.pauseAtLeast = 0;
      this.cancelDial = this.clock.after(pause, () => this.connect());
    }
    this.settle();
  }

  /** Full jitter: a crowd that lost its relay does not come back at one moment. */
  pause(times) {
    return this.random() * Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times, 20));
  }

  ask(id, without) {
    if (!this.isOpen) {
      return;
    }
    const subscription = this.subscriptions.get(id);
    const { select, markets, rate } = subscription;
    const have = {};
    for (const [match, held] of this.store.held) {
      const fields = held.groups.get('match')?.cells ?? new Map();
      if (match !== without && !this.asked.has(match) && matches(select, match, fields)) {
        const columns = this.columns.get(match);
        have[match] = columns ? [held.position, columns] : [held.position];
      }
    }
    if (this.isReady()) {
      this.askedAt = this.clock.now();
    }
    subscription.ready = false;
    this.link.send(JSON.stringify({ op: 'sub', id, select, markets, rate, have }));
  }

  heard(text) {
    this.heardAt = this.clock.now();
    let messages;
    try {
      messages = JSON.parse(text);
    } catch (problem) {
      this.onProblem(problem);
      this.link.close();
      this.lost();
      return;
    }
    for (const message of Array.isArray(messages) ? messages : [messages]) {
      this.take(message);
      if (!this.isOpen) {
        return;
      }
    }
    this.settle();
  }

  take(message) {
    switch (message.op) {
      case 'image':
      case 'patch':
        this.change(message);
        break;
      case 'gone':
        this.store.gone(message);
        this.columns.delete(message.match);
        this.repaired(message.match);
        break;
      case 'ready':
        if (this.subscriptions.has(message.id)) {
          this.subscriptions.get(message.id).ready = true;
          this.failures = 0;
        }
        break;
      case 'alive':
        this.alive = { at: this.clock.now(), late: message.late, lagMs: message.lagMs };
        break;
      case 'error':
        this.onProblem(new Error(`the relay: ${message.code} ${message.reason}`));
        this.pauseAtLeast = message.after ?? 0;
        if (!message.reconnect) {
          this.close();
        }
        break;
      default:
      // A later relay may say more than this client knows.
    }
  }

  change(message) {
    const outcome = this.store[message.op](message);
    if (outcome === 'applied') {
      this.columns.set(message.match, this.wanted(message.match));
      if (message.op === 'image') {
        this.repaired(message.match);
      }
    } else if (outcome !== 'old' && !this.asked.has(message.match)) {
      this.onProblem(new Error(`match=${message.match} pos=${message.pos}: ${outcome}, held at ${this.store.position(message.match)}`));
      this.again(message.match, 0);
    }
  }

  /** The markets that all subscriptions together want of a match, undefined for all. */
  wanted(match) {
    const wanted = new Set();
    for (const { select, markets } of this.naming(match)) {
      if (!markets) {
        return undefined;
      }
      markets.forEach((market) => wanted.add(market));
    }
    return [...wanted].sort();
  }

  naming(match) {
    const fields = this.store.held.get(match)?.groups.get('match')?.cells ?? new Map();
    return [...this.subscriptions.values()].filter(({ select }) => matches(select, match, fields));
  }

  /** Asks for a match as if it were not held: the first time at once, then with longer and longer pauses. */
  again(match, times) {
    for (const [id, { select }] of this.subscriptions) {
      const fields = this.store.held.get(match)?.groups.get('match')?.cells ?? new Map();
      if (!this.store.held.has(match) || matches(select, match, fields)) {
        this.ask(id, match);
      }
    }
    const cancel = this.clock.after(FIRST_PAUSE_MS + this.pause(times + 2), () => this.again(match, times + 1));
    this.asked.set(match, { times, cancel });
  }

  repaired(match) {
    this.asked.get(match)?.cancel();
    this.asked.delete(match);
  }

  forgetAsked() {
    for (const match of [...this.asked.keys()]) {
      this.repaired(match);
    }
  }

  isReady() {
    return [...this.subscriptions.values()].every(({ ready }) => ready);
  }

  look() {
    const owedFor = this.isReady() ? 0 : this.clock.now() - this.askedAt;
    if (this.isOpen && Math.max(this.clock.now() - this.heardAt, owedFor) > DEAD_MS) {
      this.link.close();
      this.lost();
    }
    this.settle();
    this.cancelLook = this.clock.after(LOOK_MS, () => this.look());
  }

  /** What is held is current, or it is known that it may not be: its age is what the relay told last and the time since. */
  settle() {
    if (!this.ended) {
      const now = this.clock.now();
      if (this.isOpen && this.asked.size === 0 && this.isReady()) {
        this.wholeAt = now;
      }
      const age = this.alive.lagMs + now - this.alive.at;
      this.store.late(this.alive.late || age > LATE_MS || now - this.wholeAt > LATE_MS);
    }
    const state = this.stateNow();
    if (state !== this.state) {
      this.state = state;
      this.onState(state);
    }
  }

  /** @returns {State} */
  stateNow() {
    if (this.ended) {
      return 'closed';
    }
    if (!this.isOpen) {
      return 'connecting';
    }
    if (this.asked.size > 0) {
      return 'resyncing';
    }
    if (!this.isReady()) {
      return 'syncing';
    }
    return this.store.isLate ? 'stale' : 'live';
  }
}
