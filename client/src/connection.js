import { CODES } from './codes.js';
import { Columns } from './columns.js';
import { Subscriptions } from './subscription.js';

/** An open market counts as suspended when nothing has vouched for it for this long, ms. */
export const LATE_MS = 3000;
/** A relay speaks at least once a second: one that has not for this long, or owes as long an answer, is given up, ms. */
const DEAD_MS = 8000;
const LOOK_MS = 500;
const TOO_LARGE = 4413;
/** Nothing has run for so long: the page or the machine was asleep, ms. */
const ASLEEP_MS = 5000;
/** The longest first pause before a reconnect or a second question, and the longest of all, ms. */
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 15000;
/** A pause before a reconnect is at most this part of the time without a relay. */
const PART_AWAY = 1 / 3;

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
    this.subscriptions = new Subscriptions(store);
    /** Matches that were asked for again, and what ends the waiting. @type {Map<string, () => void>} */
    this.asked = new Map();
    this.columns = new Columns(this.subscriptions);
    this.counts = { bytes: 0, patches: 0 };
    this.link = null;
    this.isOpen = false;
    this.ended = false;
    /** Since when none has answered; told? @type {number | null} */
    this.awaySince = null;
    this.isMissed = false;
    /** Whether it is known of all that is held under which markets it is. */
    this.isSettled = true;
    this.pauseAtLeast = 0;
    this.alive = { at: -Infinity, feed: null, late: true, lagMs: null };
    this.ranAt = clock.now();
    /** How far the relay's clock is ahead of ours at most; NaN on a new link. */
    this.ahead = NaN;
    this.heardAt = -Infinity;
    this.askedAt = -Infinity;
    this.wholeAt = -Infinity;
    /** @type {State} */
    this.state = 'connecting';
    this.cancelLook = () => {};
    this.cancelDial = () => {};
  }

  start() {
    this.ranAt = this.clock.now();
    this.look();
    this.connect();
  }

  close() {
    this.ended = true;
    this.isOpen = false;
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
    const subscription = this.subscriptions.add(select, markets, rate);
    this.ask([subscription]);
    this.settle();
    return subscription.id;
  }

  unsubscribe(id) {
    if (this.subscriptions.all.delete(id) && this.isOpen) {
      this.link.send(JSON.stringify({ op: 'unsub', id }));
      // There may be room now.
      this.ask(this.subscriptions.which(({ refusedWith }) => refusedWith === TOO_LARGE));
    }
    this.settle();
  }

  /** The page is back, or the network, or the machine: no pause is waited for, and a link that has been silent not believed. */
  wake() {
    if (this.ended) {
      return;
    }
    this.giveUpAfter(LATE_MS);
    if (!this.link) {
      this.awaySince = null;
      this.cancelDial();
      this.connect();
    }
    this.settle();
  }

  connect() {
    // What an earlier link still says is nobody's business.
    const link = {};
    this.heardAt = this.askedAt = this.clock.now();
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
    this.ahead = NaN;
    this.heardAt = this.askedAt = this.clock.now();
    this.columns.opened();
    this.subscriptions.forget();
    this.dropUnwanted();
    // Nothing is believed before the relay has vouched for it.
    this.ping();
    this.ask([...this.subscriptions.all.values()]);
    this.settle();
  }

  ping() {
    this.link.send(`{"op":"ping","id":${Math.floor(this.clock.now())}}`);
  }

  /** @param {number} [code] what the relay closed it with */
  lost(code) {
    this.isOpen = false;
    this.link = null;
    this.forgetAsked();
    this.subscriptions.forget();
    if (CODES[code]?.reconnect === false) {
      this.refused({ code, reason: CODES[code].name });
    } else if (!this.ended) {
      const now = this.clock.now();
      this.awaySince ??= now;
      const away = now - this.awaySince;
      if (away > LATE_MS && !this.isMissed) {
        this.isMissed = true;
        this.onProblem(new Error('no relay answers; still trying'));
      }
      const pause = Math.max(this.pauseAtLeast * this.random(), this.pause(away * PART_AWAY));
      this.pauseAtLeast = 0;
      this.cancelDial = this.clock.after(pause, () => this.connect());
    }
    this.settle();
  }

  /** Full jitter: a crowd that lost its relay does not come back at one moment. */
  pause(longest) {
    return this.random() * Math.min(LAST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, longest));
  }

  /** Asks in one message: between two the relay would know half of what is wanted. */
  ask(subscriptions, lost = []) {
    if (!this.isOpen || subscriptions.length === 0) {
      return;
    }
    if (this.subscriptions.isReady()) {
      this.askedAt = this.clock.now();
    }
    const notHeld = [...this.asked.keys(), ...lost];
    this.link.send(JSON.stringify(this.subscriptions.ask(subscriptions, notHeld, this.columns)));
  }

  /** What nobody asks for any more, no relay will take back. */
  dropUnwanted() {
    for (const match of [...this.store.held.keys()]) {
      if (!this.store.left.has(match) && this.subscriptions.naming(match).length === 0) {
        this.gone({ match, why: 'left' });
      }
    }
  }

  heard(text) {
    if (this.wasAsleep()) {
      // It was said before, and may be all that is left of the link.
      return;
    }
    this.heardAt = this.clock.now();
    this.counts.bytes += text.length;
    try {
      for (const message of [JSON.parse(text)].flat()) {
        this.take(message);
        if (!this.isOpen) {
          break;
        }
      }
    } catch (problem) {
      this.onProblem(problem);
      this.link?.close();
      this.lost();
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
        this.vouched(message);
        this.store.behind(message.behind ?? []);
        this.onAlive();
        break;
      case 'error':
        this.refused(message);
        break;
      // A later relay may say more than this client knows.
    }
  }

  change(message) {
    const { op, match, pos } = message;
    const outcome = this.store[op](message);
    if (outcome === 'applied') {
      this.columns[op](match);
      if (op === 'image') {
        this.repaired(match);
      } else {
        this.counts.patches++;
      }
    } else if (outcome !== 'old') {
      if (!this.asked.has(match)) {
        this.onProblem(new Error(`match=${match} pos=${pos}: ${outcome}, held at ${this.store.position(match)}`));
        this.again(match, 0);
      }
    } else if (op === 'image') {
      this.columns.passed.add(match);
    } else if (pos === this.store.position(match) && this.columns.passed.has(match) && !this.asked.has(match)) {
      // It has come to where we stand, and takes us to hold what it sent before it did.
      this.again(match, 0);
    }
  }

  /** An answer was said after its ping; how old other words are, the relay's clock tells. */
  vouched(message) {
    const now = this.clock.now();
    const at = Math.min(now, message.id ?? (message.at - this.ahead || this.alive.at));
    this.ahead = message.at - at;
    this.alive = { ...message, at };
    if (now - at > LATE_MS / 2 && now - this.askedAt > DEAD_MS) {
      this.ping();
    }
  }

  gone(message) {
    const { match, why } = message;
    this.store.gone(message);
    this.columns.gone(match);
    this.repaired(match);
    for (const subscription of this.subscriptions.all.values()) {
      if (why === 'left' && !subscription.isReady && subscription.have[match]) {
        subscription.lost.push(match);
      }
    }
  }

  /** @param {Subscription | undefined} subscription */
  ready(subscription) {
    if (!subscription) {
      return;
    }
    subscription.isReady = true;
    subscription.isInForce = true;
    this.answered();
    if (subscription.lost.length > 0) {
      // It claimed a match that was taken away before the relay had read the claim.
      this.ask([subscription], subscription.lost);
    }
  }

  answered() {
    this.awaySince = null;
    this.isMissed = false;
    this.isSettled = false;
  }

  /** With an id only a subscription is refused; without one, the whole connection. */
  refused({ id, code, reason, reconnect, after }) {
    const subscription = this.subscriptions.get(id);
    this.onProblem(Object.assign(new Error(`the relay: ${code} ${reason}`), { code, select: subscription?.select }));
    if (id === undefined) {
      this.pauseAtLeast = after ?? 0;
      if (!reconnect) {
        this.close();
      }
    } else if (subscription) {
      subscription.isReady = true;
      subscription.refusedWith = code;
      this.dropUnwanted();
      this.answered();
    }
  }

  /** Asks for a match as if it were not held: the first time at once, then with longer and longer pauses. */
  again(match, times) {
    const isHeld = this.store.held.has(match);
    const naming = isHeld ? this.subscriptions.naming(match) : this.subscriptions.which(({ refusedWith }) => refusedWith === null);
    if (naming.length === 0) {
      this.gone({ match, why: 'left' });
      return;
    }
    this.ask(naming, [match]);
    const cancel = this.clock.after(FIRST_PAUSE_MS + this.pause(FIRST_PAUSE_MS * 2 ** (times + 2)), () => this.again(match, times + 1));
    this.asked.set(match, cancel);
  }

  repaired(match) {
    this.asked.get(match)?.();
    this.asked.delete(match);
  }

  forgetAsked() {
    for (const match of [...this.asked.keys()]) {
      this.repaired(match);
    }
  }

  look() {
    this.wasAsleep();
    this.giveUpAfter(DEAD_MS);
    this.settle();
    this.cancelLook = this.clock.after(LOOK_MS, () => this.look());
  }

  wasAsleep() {
    const now = this.clock.now();
    const asleep = now - this.ranAt > ASLEEP_MS;
    this.ranAt = now;
    if (asleep) {
      this.wake();
    }
    return asleep;
  }

  /** Ends a link that has not opened, spoken, or answered for so long. */
  giveUpAfter(ms) {
    const now = this.clock.now();
    const owesSince = this.subscriptions.isReady() ? now : this.askedAt;
    if (this.link && now - Math.min(this.heardAt, owesSince) > ms) {
      this.link.close();
      this.lost();
    }
  }

  /** How old what is held may be, ms: what the relay told last, and the time since. */
  age() {
    return (this.alive.lagMs ?? 0) + this.clock.now() - this.alive.at;
  }

  /** What is held is current, or it is known that it may not be. */
  settle() {
    // A relay that is behind has said nothing of the matches in which it is: they are held as they were.
    if (!this.isSettled && !this.alive.late && this.subscriptions.isReady()) {
      this.isSettled = true;
      this.columns.settle((match) => this.asked.has(match));
    }
    if (!this.ended) {
      const now = this.clock.now();
      if (this.isOpen && this.asked.size === 0 && this.subscriptions.isReady()) {
        this.wholeAt = now - this.age();
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
    if (!this.subscriptions.isReady()) {
      return 'syncing';
    }
    return this.store.isLate ? 'stale' : 'live';
  }
}
