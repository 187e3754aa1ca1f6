import { CODES } from './codes.js';
import { Columns, covers, union } from './columns.js';
import { matches } from './select.js';
import { Subscription } from './subscription.js';

/** An open market counts as suspended when nothing has vouched for it for this long, ms. */
export const LATE_MS = 3000;
/** A relay speaks at least once a second: one that has not for this long, or owes as long an answer, is given up, ms. */
const DEAD_MS = 8000;
const LOOK_MS = 500;
/** A look that comes so late means that the page or the machine was asleep, ms. */
const ASLEEP_MS = 5000;
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
   * @param {(hears: {opened(): void, heard(text: string): void, closed(code?: number): void}) => {send(text: string): void, close(): void}}
   *     parts.dial calls nothing before it has returned; one that opens again has forgotten all that was asked on it
   * @param {{now(): number, after(ms: number, run: () => void): () => void}} parts.clock monotonic, ms
   * @param {() => number} [parts.random] from 0 to below 1
   * @param {(state: State) => void} [parts.onState]
   * @param {() => void} [parts.onAlive] the relay has said how it is
   * @param {(problem: Error) => void} [parts.onProblem] hears of what was refused, or had to be asked for again
   */
  constructor({ store, dial, clock, random = Math.random, onState = () => {}, onAlive = () => {}, onProblem = () => {} }) {
    this.store = store;
    this.dial = dial;
    this.clock = clock;
    this.random = random;
    this.onState = onState;
    this.onAlive = onAlive;
    this.onProblem = onProblem;
    /** @type {Map<number, Subscription>} */
    this.subscriptions = new Map();
    this.lastId = 0;
    /** Matches that were asked for again, and what ends the waiting. @type {Map<string, {times: number, cancel: () => void}>} */
    this.asked = new Map();
    this.columns = new Columns();
    this.counts = { bytes: 0, patches: 0 };
    this.link = null;
    this.isOpen = false;
    this.ended = false;
    this.failures = 0;
    this.pauseAtLeast = 0;
    this.alive = { at: -Infinity, feed: null, late: true, lagMs: null };
    this.lookedAt = clock.now();
    this.dialledAt = -Infinity;
    this.heardAt = -Infinity;
    this.askedAt = -Infinity;
    this.wholeAt = -Infinity;
    /** @type {State} */
    this.state = 'connecting';
    this.cancelLook = () => {};
    this.cancelDial = () => {};
  }

  start() {
    this.lookedAt = this.clock.now();
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
    this.subscriptions.set(id, new Subscription(id, select, markets, rate));
    this.ask([id]);
    this.settle();
    return id;
  }

  unsubscribe(id) {
    if (this.subscriptions.delete(id) && this.isOpen) {
      this.link.send(JSON.stringify({ op: 'unsub', id }));
    }
    this.settle();
  }

  /** The page is back, or the network, or the machine: no pause is waited for, and a link that has been silent not believed. */
  wake() {
    if (this.ended) {
      return;
    }
    if (this.link && this.clock.now() - (this.isOpen ? this.heardAt : this.dialledAt) > LATE_MS) {
      this.link.close();
      this.lost();
    }
    if (!this.link) {
      this.failures = 0;
      this.cancelDial();
      this.connect();
    }
    this.settle();
  }

  connect() {
    // What an earlier link still says is nobody's business.
    const link = {};
    this.dialledAt = this.clock.now();
    this.link = this.dial({
      opened: () => this.link === link.own && this.opened(),
      heard: (text) => this.link === link.own && this.heard(text),
      closed: (code) => this.link === link.own && this.lost(code),
    });
    link.own = this.link;
    this.settle();
  }

  opened() {
    this.isOpen = true;
    this.heardAt = this.clock.now();
    this.askedAt = this.heardAt;
    this.columns.opened();
    this.subscriptions.forEach((subscription) => subscription.forget());
    this.dropUnwanted();
    // An alive at once: nothing is believed before the relay has vouched for it.
    this.ask([...this.subscriptions.keys()], undefined, [{ op: 'ping' }]);
    this.settle();
  }

  /** @param {number} [code] what the relay closed it with */
  lost(code) {
    this.isOpen = false;
    this.link = null;
    this.forgetAsked();
    this.subscriptions.forEach((subscription) => subscription.forget());
    if (CODES[code]?.reconnect === false) {
      this.refused({ code, reason: CODES[code].name });
    } else if (!this.ended) {
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

  /** Asks for subscriptions, in one message: between two the relay would know half of what is wanted. @param {number[]} ids */
  ask(ids, without, more = []) {
    if (!this.isOpen) {
      return;
    }
    if (this.isReady()) {
      this.askedAt = this.clock.now();
    }
    const messages = ids.map((id) => {
      const subscription = this.subscriptions.get(id);
      const { select, markets, rate } = subscription;
      const have = {};
      for (const [match, held] of this.store.held) {
        if (match !== without && !this.asked.has(match) && matches(select, match, fieldsOf(held))) {
          const columns = this.columns.of(match);
          have[match] = columns ? [held.position, columns] : [held.position];
        }
      }
      subscription.isReady = false;
      subscription.have = have;
      return { op: 'sub', id, select, markets, rate, have };
    });
    this.link.send(JSON.stringify([...messages, ...more]));
  }

  /** What nobody asks for any more, no relay will take back. */
  dropUnwanted() {
    for (const match of [...this.store.held.keys()]) {
      if (!this.store.left.has(match) && this.naming(match).length === 0) {
        this.gone({ match, why: 'left' });
      }
    }
  }

  heard(text) {
    this.heardAt = this.clock.now();
    this.counts.bytes += text.length;
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
        this.gone(message);
        break;
      case 'ready':
        this.ready(this.subscriptions.get(message.id));
        break;
      case 'alive':
        this.alive = { at: this.clock.now(), feed: message.feed, late: message.late, lagMs: message.lagMs };
        this.store.behind(message.behind ?? []);
        this.onAlive();
        break;
      case 'error':
        this.refused(message);
        break;
      default:
      // A later relay may say more than this client knows.
    }
  }

  change(message) {
    const { op, match, pos } = message;
    const outcome = this.store[op](message);
    if (outcome === 'applied') {
      this.applied(op, match);
    } else if (outcome !== 'old') {
      if (!this.asked.has(match)) {
        this.onProblem(new Error(`match=${match} pos=${pos}: ${outcome}, held at ${this.store.position(match)}`));
        this.again(match, 0);
      }
    } else if (op === 'image') {
      this.columns.passed(match);
    } else if (pos === this.store.position(match) && this.columns.isPassed(match) && !this.asked.has(match)) {
      // It has come to where we stand, and takes us to hold what it sent before it did.
      this.again(match, 0);
    }
  }

  applied(op, match) {
    this.columns[op](match, this.sure(match));
    if (op === 'image') {
      this.repaired(match);
    } else {
      this.counts.patches++;
      if (this.isReady()) {
        this.narrow(match);
      }
    }
  }

  /** What the relay no longer sends of a match would stand still. */
  narrow(match) {
    const columns = this.columns.of(match);
    if (columns) {
      this.store.narrow(match, (market) => covers(columns, market));
    }
  }

  gone(message) {
    const { match, why } = message;
    this.store.gone(message);
    this.columns.gone(match);
    this.repaired(match);
    for (const subscription of this.subscriptions.values()) {
      subscription.isInDoubt ||= why === 'left' && !subscription.isReady && match in subscription.have;
    }
  }

  /** @param {Subscription | undefined} subscription */
  ready(subscription) {
    if (!subscription) {
      return;
    }
    this.failures = 0;
    subscription.isReady = true;
    subscription.isInForce = true;
    if (this.isReady()) {
      for (const match of this.store.held.keys()) {
        if (!this.asked.has(match)) {
          this.columns.settled(match, this.sure(match));
          this.narrow(match);
        }
      }
    }
    if (subscription.isInDoubt) {
      // It claimed a match that was taken away before the relay had read the claim.
      subscription.isInDoubt = false;
      this.ask([subscription.id]);
    }
  }

  /** With an id only a subscription is refused; without one, the whole connection. */
  refused({ id, code, reason, reconnect, after }) {
    const subscription = this.subscriptions.get(id);
    const { select } = subscription ?? {};
    this.onProblem(Object.assign(new Error(`the relay: ${code} ${reason}`), { code, ...(select && { select }) }));
    if (id === undefined) {
      this.pauseAtLeast = after ?? 0;
      if (!reconnect) {
        this.close();
      }
    } else if (subscription) {
      this.failures = 0;
      subscription.isReady = true;
      subscription.isRefused = true;
      this.dropUnwanted();
    }
  }

  /** The markets under which the relay sends a match for sure: more may have been asked for. Undefined is all. */
  sure(match) {
    return union(this.naming(match).filter(({ isInForce }) => isInForce).map(({ markets }) => markets));
  }

  naming(match) {
    const fields = fieldsOf(this.store.held.get(match));
    return [...this.subscriptions.values()].filter(({ select, isRefused }) => !isRefused && matches(select, match, fields));
  }

  /** Asks for a match as if it were not held: the first time at once, then with longer and longer pauses. */
  again(match, times) {
    const held = this.store.held.has(match);
    const asked = held ? this.naming(match) : [...this.subscriptions.values()].filter(({ isRefused }) => !isRefused);
    if (asked.length === 0) {
      this.gone({ match, why: 'left' });
      return;
    }
    this.ask(asked.map(({ id }) => id), match);
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
    return [...this.subscriptions.values()].every(({ isReady }) => isReady);
  }

  look() {
    const now = this.clock.now();
    const owedSince = this.isReady() ? now : this.askedAt;
    const since = this.isOpen ? Math.min(this.heardAt, owedSince) : this.dialledAt;
    if (this.link && now - since > DEAD_MS) {
      this.link.close();
      this.lost();
    }
    if (now - this.lookedAt > ASLEEP_MS) {
      this.wake();
    }
    this.lookedAt = now;
    this.settle();
    this.cancelLook = this.clock.after(LOOK_MS, () => this.look());
  }

  /** How old what is held may be, ms: what the relay told last, and the time since. */
  age() {
    return (this.alive.lagMs ?? 0) + this.clock.now() - this.alive.at;
  }

  /** What is held is current, or it is known that it may not be. */
  settle() {
    if (!this.ended) {
      const now = this.clock.now();
      if (this.isOpen && this.asked.size === 0 && this.isReady()) {
        this.wholeAt = now;
      }
      this.store.late(this.alive.late || this.age() > LATE_MS || now - this.wholeAt > LATE_MS);
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

/** @param {import('./held.js').Held | undefined} held */
function fieldsOf(held) {
  return held?.groups.get('match')?.cells ?? new Map();
}
