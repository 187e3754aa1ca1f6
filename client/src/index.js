import { systemClock } from './clock.js';
import { Connection } from './connection.js';
import { sse } from './sse.js';
import { Store, rethrow } from './store.js';
import { firstThatWorks } from './ways.js';
import { websocket } from './websocket.js';

export { CODES } from './codes.js';

const DIALS = { websocket, sse };
const FIGURES_MS = 1000;

/**
 * Everything a page needs of a relay: what is watched is held and kept current, over whatever the network does. Dials at the
 * first `watch`, so that making a client costs nothing, on a server neither.
 *
 * @param {import('../types/index.js').ClientOptions} [options]
 * @returns {import('../types/index.js').Client}
 */
export function createClient(options) {
  return new Client(options);
}

class Client {
  constructor({
    url = '/v1/stream',
    getToken = () => undefined,
    transports = ['websocket', 'sse'],
    linger = 30_000,
    onProblem,
    clock = systemClock(),
    frame,
    random,
    ...platform
  } = {}) {
    const report = guarded(onProblem ?? ((problem) => console.warn(problem)));
    const parts = { url, getToken, clock, onProblem: report, ...platform };
    // Node has none before 22: events serve there.
    const isAble = (name) => name !== 'websocket' || transports.length === 1 || (platform.WebSocket ?? globalThis.WebSocket);
    const ways = transports.filter(isAble).map((name) => {
      if (!DIALS[name]) {
        throw new TypeError(`transports=${name}: known are ${Object.keys(DIALS)}`);
      }
      return { name, dial: DIALS[name](parts) };
    });
    this.clock = clock;
    this.linger = linger;
    /** What is watched, by what it is. @type {Map<string, {id: number, count: number, cancel: () => void}>} */
    this.watches = new Map();
    this.transport = null;
    this.told = Object.freeze({ bytes: 0, patches: 0, patchesPerSecond: 0, matches: 0, ageMs: null });
    this.store = new Store({ frame, ...(onProblem && { onProblem: report }) });
    this.ways = firstThatWorks(ways, clock, (name) => {
      this.transport = name;
      this.store.refresh(this.health);
    });
    this.connection = new Connection({
      store: this.store,
      dial: this.ways.dial,
      clock,
      random,
      onState: () => this.store.refresh(this.state),
      onAlive: () => this.store.refresh(this.health),
      onProblem: report,
    });
    this.state = this.store.node('client', 'state', () => this.connection.state);
    this.health = this.store.node('client', 'health', () => {
      const { feed, late, lagMs } = this.connection.alive;
      return Object.freeze({ feed, late, lagMs, transport: this.transport });
    });
    this.figures = this.store.node('client', 'figures', () => this.told);
    this.started = false;
    this.endWaking = () => {};
    this.cancelTelling = () => {};
  }

  match(id) {
    return this.store.match(id);
  }

  market(id, key) {
    return this.store.market(id, key);
  }

  cell(id, cell) {
    return this.store.cell(id, cell);
  }

  list(select) {
    return this.store.list(select);
  }

  position(id) {
    return this.store.at(id);
  }

  watch(select, { markets, rate } = {}) {
    const wanted = { select: canonical(select), markets: markets && [...new Set(markets)].sort(), rate };
    const name = JSON.stringify(wanted);
    let watch = this.watches.get(name);
    if (!watch) {
      watch = { id: this.connection.subscribe(wanted.select, wanted), count: 0, cancel: () => {} };
      this.watches.set(name, watch);
      this.start();
    }
    watch.count++;
    watch.cancel();
    let isHeld = true;
    return () => {
      if (isHeld) {
        isHeld = false;
        watch.count--;
        if (watch.count === 0) {
          watch.cancel = this.clock.after(this.linger, () => {
            this.watches.delete(name);
            this.connection.unsubscribe(watch.id);
          });
        }
      }
    };
  }

  prefetch(select, options) {
    this.watch(select, options)();
  }

  close() {
    this.endWaking();
    this.cancelTelling();
    this.watches.forEach((watch) => watch.cancel());
    this.watches.clear();
    this.connection.close();
  }

  start() {
    if (this.started || this.connection.ended) {
      return;
    }
    this.started = true;
    this.connection.start();
    this.tell(this.clock.now());
    this.endWaking = onWaking((isOtherNetwork) => {
      if (isOtherNetwork) {
        this.ways.forget();
      }
      this.connection.wake();
    });
  }

  /** @param {number} before when the figures were told last */
  tell(before) {
    const now = this.clock.now();
    const { bytes, patches } = this.connection.counts;
    const age = this.connection.age();
    this.told = Object.freeze({
      bytes,
      patches,
      patchesPerSecond: Math.round(((patches - this.told.patches) * 1000) / Math.max(now - before, 1)),
      matches: this.store.held.size,
      ageMs: age < Infinity ? Math.round(age) : null,
    });
    this.store.refresh(this.figures);
    this.cancelTelling = this.clock.after(FIGURES_MS, () => this.tell(now));
  }
}

/** The same selection is written in the same way. */
function canonical(select) {
  return select.match ? { match: [...new Set(select.match)].sort() } : select;
}

/** Whoever hears of a problem may have one himself: that is his, and shows as such. */
function guarded(report) {
  return (problem) => {
    try {
      report(problem);
    } catch (own) {
      rethrow(own);
    }
  };
}

/** A page that comes back, a machine that wakes, another network: time to look. */
function onWaking(run) {
  const { document } = globalThis;
  const look = ({ type }) => document?.visibilityState !== 'hidden' && run(type === 'online');
  const each = (how) => {
    document?.[how]('visibilitychange', look);
    globalThis[how]?.('pageshow', look);
    globalThis[how]?.('online', look);
  };
  each('addEventListener');
  return () => each('removeEventListener');
}
