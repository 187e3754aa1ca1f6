import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../src/index.js';
import { compare } from '../src/position.js';
import { matches } from '../src/select.js';
import { random } from '../support/cells.js';
import { Clock, Relay, project } from '../support/stage.js';

const SEEDS = Number(process.env.TOUCHLINE_SEEDS ?? 100);
const MATCHES = ['a:1', 'a:2', 'a:3'];
const WATCHES = [
  [{ all: true }, { markets: ['h2h'] }],
  [{ phase: 'live' }, { markets: ['totals'] }],
  [{ phase: 'upcoming' }, {}],
  [{ match: ['a:2'] }, {}],
  [{ match: ['a:3', 'a:1'] }, { markets: ['totals:3.5', 'h2h'] }],
];

/** A world of matches, and one client of it, for which anything may happen. */
class World {
  constructor(seed) {
    this.seed = seed;
    this.next = random(seed * 7919);
    this.clock = new Clock();
    this.relay = new Relay(this.clock, random(seed));
    this.isCalm = false;
    this.past = [];
    this.problems = 0;
    this.client = createClient({
      url: 'https://relay.example/v1/stream',
      clock: this.clock,
      random: random(seed + 1),
      frame: (run) => this.clock.after(16, run),
      WebSocket: this.relay.WebSocket,
      fetch: this.relay.fetch,
      onProblem: () => this.problems++,
      linger: 3000,
    });
    // A link is fast or slow, and keeps its order.
    this.relay.delay = () => (this.isCalm ? 5 : this.one([1, 5, 50, 400]));
    this.relay.spoil = (message) => this.spoil(message);
    this.versions = new Map();
    /** Releases of what is watched. */
    this.watched = [];
    /** The position at which each match was held last. */
    this.stood = new Map();
    const { store } = this.client;
    const gone = store.gone.bind(store);
    store.gone = (message) => {
      gone(message);
      this.stood.delete(message.match);
    };
    this.ways = new Set();
    MATCHES.forEach((match) => this.change(match));
    this.client.health.subscribe(({ transport }) => this.ways.add(transport));
  }

  chance(share) {
    return this.next() < share;
  }

  one(things) {
    return things[Math.floor(this.next() * things.length)];
  }

  change(match) {
    const at = this.versions.get(match) ?? { created: 1, version: 0 };
    const isNew = at.version > 0 && this.chance(0.05);
    const now = isNew ? { created: at.created + 1, version: 1 } : { ...at, version: at.version + 1 };
    this.versions.set(match, now);
    const before = isNew ? undefined : this.relay.matches.get(match)?.at(-1).cells;
    const cells = { 'match/phase': 'upcoming', 'match/home': match, 'h2h/@status': 'open', ...before };
    for (let changes = 1 + Math.floor(this.next() * 3); changes > 0; changes--) {
      const cell = this.one(['match/phase', 'h2h/@status', 'h2h/home', 'totals/over', 'totals/@status', 'totals:3.5/over', 'btts/yes', 'incidents/i1']);
      if (cell === 'match/phase') {
        cells[cell] = this.one(['upcoming', 'live', 'ended']);
      } else if (cell.endsWith('@status')) {
        cells[cell] = this.one(['open', 'suspended']);
      } else if (this.chance(0.2)) {
        delete cells[cell];
      } else {
        cells[cell] = Math.floor(this.next() * 900) / 100 + 1;
      }
    }
    this.relay.become(match, `1.${now.created}-${now.version}`, cells);
  }

  /** Says some things twice, some later again, and some wrongly. */
  spoil(message) {
    const isState = message.op === 'image' || message.op === 'patch';
    if (this.isCalm || !isState || !this.chance(0.15)) {
      this.past = isState ? [...this.past.slice(-5), message] : this.past;
      return undefined;
    }
    const dice = this.next();
    if (dice < 0.3) {
      return [message, message];
    }
    // At one position a match has several images, by columns: of those only the last one is said twice.
    const older = this.past.filter(({ match, pos }) => compare(pos, this.client.store.position(match) ?? pos) < 0);
    if (dice < 0.6 && older.length > 0) {
      return [this.one(older), message];
    }
    return Object.keys(message.sums).length > 0 ? { ...message, sums: { match: 'deadbeefdeadbeef' } } : undefined;
  }

  /** A relay that comes back to life has forgotten its links. */
  kill(isDead) {
    if (this.relay.isDead && !isDead) {
      [...this.relay.links].forEach((link) => this.relay.end(link, this.chance(0.5)));
    }
    this.relay.isDead = isDead;
  }

  async step() {
    const { relay, client, clock } = this;
    const dice = this.next();
    if (dice < 0.45) {
      this.change(this.one(MATCHES));
    } else if (dice < 0.6 || this.watched.length === 0) {
      this.watched.push(client.watch(...this.one(WATCHES)));
    } else if (dice < 0.7) {
      this.watched.splice(Math.floor(this.next() * this.watched.length), 1)[0]();
    } else if (dice < 0.73) {
      client.prefetch(...this.one(WATCHES));
    } else if (dice < 0.8) {
      [...relay.links].forEach((link) => relay.end(link, this.chance(0.7)));
    } else if (dice < 0.83) {
      this.kill(!relay.isDead);
    } else if (dice < 0.86) {
      relay.late = !relay.late;
    } else if (dice < 0.89) {
      relay.behind = this.chance(0.5) ? [this.one(MATCHES)] : undefined;
    } else if (dice < 0.93) {
      const way = this.one(['websocket', 'websocket', 'sse']);
      relay.blocked.delete(way) || relay.blocked.add(way);
    } else if (dice < 0.96) {
      if (relay.isFrozen) {
        relay.catchUp();
      } else {
        relay.fallBack(Math.floor(this.next() * 4));
      }
    } else if (dice < 0.98) {
      clock.sleep(this.next() * 20_000);
    } else {
      client.connection.wake();
    }
    await clock.play(this.chance(0.1) ? this.next() * 12_000 : this.next() * 600);
  }

  check(where) {
    const { relay, client } = this;
    const { store, connection } = client;
    const now = this.clock.now();
    // The connection looks twice a second.
    assert.ok(store.isLate || now - relay.vouchedAt <= 4000, `${where}: nobody vouches`);
    for (const match of MATCHES) {
      const position = store.position(match);
      const before = this.stood.get(match);
      assert.ok(!position || !before || compare(position, before) >= 0, `${where}: ${match} went back from ${before} to ${position}`);
      this.stood.set(match, position);
      if (!position) {
        continue;
      }
      const { cells } = relay.matches.get(match).find(({ pos }) => pos === position);
      for (const market of store.match(match).get().markets) {
        const { status } = store.market(match, market).get();
        const isOpen = store.held.get(match).groups.get(market).cells.get('@status') === 'open';
        assert.equal(status, isOpen && !store.isLate && !store.lagging.has(match) ? 'open' : 'suspended', `${where}: ${match} ${market}`);
      }
      // What is under way, or cannot be sent because the relay stands before it, cannot be held.
      const isSettled = !relay.isFrozen && !relay.isDead && relay.links.size > 0 && relay.underWay === 0;
      if (connection.isOpen && connection.subscriptions.isReady() && connection.asked.size === 0 && isSettled) {
        this.checkCells(match, cells, where);
      }
    }
  }

  /** What is held is exactly what stands there in the columns that are wanted. */
  checkCells(match, cells, where) {
    const { store, connection } = this.client;
    const fields = store.held.get(match).groups.get('match').cells;
    const wanted = [...connection.subscriptions.all.values()].filter(({ select }) => matches(select, match, fields));
    if (wanted.length === 0) {
      return;
    }
    const columns = wanted.some(({ markets }) => !markets) ? undefined : wanted.flatMap(({ markets }) => markets);
    const held = [...store.held.get(match).groups].flatMap(([group, { cells }]) => [...cells.keys()].map((field) => `${group}/${field}`));
    for (const cell of new Set([...held, ...Object.keys(project(cells, columns)), ...ALL.filter((one) => one in project({ [one]: 1 }, columns))])) {
      assert.equal(store.cell(match, cell).get(), cells[cell], `${where}: ${match} ${cell} at ${store.position(match)}`);
    }
  }

  async calm() {
    const { relay, clock } = this;
    this.isCalm = true;
    this.kill(false);
    relay.late = false;
    relay.behind = undefined;
    relay.blocked.clear();
    relay.catchUp();
    await clock.play(60_000);
    // A WebSocket that has just taken over from events is asked for everything.
    await clock.play(this.client.state.get() === 'syncing' ? 100 : 0);
  }

  checkWhole() {
    const { relay, client, seed } = this;
    assert.equal(client.state.get(), this.watched.length > 0 || client.started ? 'live' : 'connecting', `seed ${seed}`);
    const wanted = [...client.connection.subscriptions.all.values()];
    assert.equal(wanted.length, client.watches.size, `seed ${seed}`);
    for (const match of MATCHES) {
      const { pos, cells } = relay.matches.get(match).at(-1);
      const fields = new Map(Object.entries(cells).map(([cell, value]) => [cell.replace('match/', ''), value]));
      const isWanted = wanted.some(({ select }) => matches(select, match, fields));
      assert.equal(client.store.position(match), isWanted ? pos : null, `seed ${seed} ${match}`);
      if (isWanted) {
        this.checkCells(match, cells, `seed ${seed} at the end`);
      }
    }
    // Beside events a WebSocket may be on trial.
    const most = client.health.get().transport === 'sse' ? 2 : 1;
    assert.ok(relay.links.size <= most, `seed ${seed}: ${relay.links.size} links`);
    const sizes = [...relay.links].map(({ subscriptions }) => subscriptions.size);
    assert.ok(sizes.length === 0 || sizes.includes(wanted.length), `seed ${seed}: ${sizes}`);
  }
}

const ALL = ['h2h/@status', 'h2h/home', 'totals/over', 'totals/@status', 'totals:3.5/over', 'btts/yes', 'incidents/i1'];

test(`holds what is wanted, and nothing else, whatever happens to the link, the relay and the watches: ${SEEDS} seeds`, async () => {
  const ways = new Set();
  let problems = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new World(seed);
    for (let step = 0; step < 60; step++) {
      await world.step();
      world.check(`seed ${seed} step ${step}`);
    }
    await world.calm();
    world.checkWhole();
    world.client.close();
    world.ways.forEach((way) => ways.add(way));
    problems += world.problems;
  }
  assert.deepEqual([...ways].sort(), ['sse', 'websocket', null].sort(), 'all ways were taken');
  assert.ok(problems > SEEDS / 2, `${problems} problems came`);
});
