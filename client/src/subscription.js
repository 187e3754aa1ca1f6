import { union } from './columns.js';
import { matches } from './select.js';

/** More than so many characters of claims in one message a relay might refuse; what is not claimed is sent. */
const CLAIMS_MAX = 200_000;

/** What is wanted of the relay, and how far it has come on this link. */
export class Subscription {
  constructor(id, select, markets, rate) {
    this.id = id;
    this.select = select;
    this.markets = markets;
    this.rate = rate;
    this.forget();
  }

  forget() {
    /** The relay owes no answer. */
    this.isReady = false;
    /** The relay has said that it is. */
    this.isInForce = false;
    /** The code with which it was refused. @type {number | null} */
    this.refusedWith = null;
    /** What was claimed to be held when it was asked for, and what of it the relay has taken away since. */
    this.have = {};
    /** @type {string[]} */
    this.lost = [];
  }

  /** The message that asks for it. */
  ask(have) {
    this.isReady = false;
    this.refusedWith = null;
    this.have = have;
    this.lost = [];
    const { id, select, markets, rate } = this;
    return { op: 'sub', id, select, markets, rate, have };
  }
}

/** All that is wanted, over what is held. */
export class Subscriptions {
  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<number, Subscription>} */
    this.all = new Map();
    this.lastId = 0;
  }

  add(select, markets, rate) {
    const subscription = new Subscription(++this.lastId, select, markets, rate);
    this.all.set(subscription.id, subscription);
    return subscription;
  }

  get(id) {
    return this.all.get(id);
  }

  /** @param {(subscription: Subscription) => boolean} test */
  which(test) {
    return [...this.all.values()].filter(test);
  }

  /**
   * The messages that ask for some. What is held from before this link is claimed; of what the link has sent the relay knows
   * itself, unless it is told that it is not held after all.
   *
   * @param {Subscription[]} some
   * @param {string[]} notHeld
   * @param {import('./columns.js').Columns} columns
   */
  ask(some, notHeld, columns) {
    let room = CLAIMS_MAX;
    return some.map((subscription) => {
      const have = Object.fromEntries(notHeld.map((match) => [match, null]));
      for (const [match, { position, groups }] of this.store.held) {
        if (!(match in have) && !columns.spoken.has(match) && this.names(subscription.select, match)) {
          const markets = columns.claim(match, groups.keys());
          const claim = markets ? [position, markets] : [position];
          room -= match.length + JSON.stringify(claim).length + 4;
          if (room >= 0) {
            have[match] = claim;
          }
        }
      }
      return subscription.ask(have);
    });
  }

  forget() {
    this.all.forEach((subscription) => subscription.forget());
  }

  isReady() {
    return this.which(({ isReady }) => !isReady).length === 0;
  }

  /** Those that are not refused and name a match, by what is held of it. */
  naming(match) {
    return this.which(({ select, refusedWith }) => refusedWith === null && this.names(select, match));
  }

  names(select, match) {
    return matches(select, match, this.store.held.get(match)?.groups.get('match')?.cells ?? new Map());
  }

  /** The markets under which the relay sends a match for sure: more may have been asked for. Undefined is all. */
  sure(match) {
    return union(this.naming(match).filter(({ isInForce }) => isInForce).map(({ markets }) => markets));
  }
}
