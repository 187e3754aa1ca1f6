import { systemClock } from './clock.js';
import { Connection } from './connection.js';
import { sse } from './sse.js';
import { Store } from './store.js';
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
    const ways = transports.map((name) => {
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
    this.told = { patches: 0, at: clock.now(), perSecond: 0 };
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
    this.figures = this.store.node('client', 'figures', () => this.count());
    this.started = false;
    this.endWaking = () => {};
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
    const cancelFigures = this.everySecond();
    const endListening = onWaking((isOtherNetwork) => {
      if (isOtherNetwork) {
        this.ways.forget();
      }
      this.connection.wake();
    });
    this.endWaking = () => {
      cancelFigures();
      endListening();
    };
  }

  everySecond() {
    let cancel;
    const tick = () => {
      const now = this.clock.now();
      const { patches } = this.connection.counts;
      const perSecond = Math.round(((patches - this.told.patches) * 1000) / Math.max(now - this.told.at, 1));
      this.told = { patches, at: now, perSecond };
      this.store.refresh(this.figures);
      cancel = this.clock.after(FIGURES_MS, tick);
    };
    cancel = this.clock.after(FIGURES_MS, tick);
    return () => cancel();
  }

  count() {
    const { bytes, patches } = this.connection.counts;
    const ageMs = Math.round(this.connection.age());
    return Object.freeze({
      bytes,
      patches,
      patchesPerSecond: this.told.perSecond,
      matches: this.store.held.size,
      ageMs: Number.isFinite(ageMs) ? ageMs : null,
    });
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
      queueMicrotask(() => {
        throw own;
      });
    }
  };
}

/** A page that comes back, a machine that wakes, another network: time to look. */
function onWaking(run) {
  const { document, addEventListener, removeEventListener } = globalThis;
  if (!document || !addEventListener) {
    return () => {};
  }
  const look = () => document.visibilityState !== 'hidden' && run(false);
  const online = () => run(true);
  document.addEventListener('visibilitychange', look);
  globalThis.addEventListener('pageshow', look);
  globalThis.addEventListener('online', online);
  return () => {
    document.removeEventListener('visibilitychange', look);
    globalThis.removeEventListener('pageshow', look);
    globalThis.removeEventListener('online', online);
  };
}
