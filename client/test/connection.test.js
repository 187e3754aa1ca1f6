import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../src/connection.js';
import { Store } from '../src/store.js';
import { random } from '../support/cells.js';
import { Clock, Relay } from '../support/stage.js';

const SEEDS = Number(process.env.TOUCHLINE_SEEDS ?? 200);
const OPEN = { 'match/phase': 'live', 'match/home': 'Arsenal', 'h2h/@status': 'open', 'h2h/home': 1.85 };

function stage(seed = 1) {
  const clock = new Clock();
  const next = random(seed);
  const relay = new Relay(clock, next);
  const store = new Store({ frame: (run) => clock.after(16, run) });
  const states = [];
  const problems = [];
  const connection = new Connection({
    store,
    dial: relay.dial,
    clock,
    random: next,
    onState: (state) => states.push(state),
    onProblem: (problem) => problems.push(problem.message),
  });
  return { clock, relay, store, connection, states, problems };
}

const status = (store) => store.market('a:1', 'h2h').get()?.status;

test('becomes live, and follows', () => {
  const { clock, relay, store, connection, states } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ phase: 'live' }, { markets: ['h2h'] });
  connection.start();
  clock.pass(2000);
  assert.equal(status(store), 'open');
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 1.9 });
  clock.pass(100);
  assert.equal(store.cell('a:1', 'h2h/home').get(), 1.9);
  assert.deepEqual(states.slice(0, 1), ['syncing']);
  assert.equal(states.at(-1), 'live');
});

test('knows within four seconds that nobody vouches for it, and whole again after the relay is back', () => {
  const { clock, relay, store, connection, states } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  relay.isDead = true;
  clock.pass(4000);
  assert.equal(status(store), 'suspended');
  assert.equal(states.at(-1), 'stale');
  clock.pass(20000);
  assert.equal(states.at(-1), 'connecting');
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 2 });
  relay.isDead = false;
  clock.pass(20000);
  assert.equal(status(store), 'open');
  assert.equal(states.at(-1), 'live');
  assert.equal(store.cell('a:1', 'h2h/home').get(), 2);
});

test('a link that breaks for a moment goes unseen, and only what is new is asked for', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  connection.start();
  clock.pass(2000);
  const heard = [];
  store.market('a:1', 'h2h').subscribe((market) => heard.push(market.status));
  [...relay.links].forEach((link) => relay.end(link, true));
  clock.pass(2500);
  assert.deepEqual(heard, []);
  assert.deepEqual(relay.asked.findLast(({ op }) => op === 'sub').have, { 'a:1': ['1.1-1', ['h2h']] });
});

test('is back within a second of a relay that was away for three, and asks one that is away for long but seldom', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { clock, relay, connection, problems } = stage(seed);
    const dials = [];
    const dial = connection.dial;
    connection.dial = (hears) => {
      dials.push(clock.now());
      return dial(hears);
    };
    connection.subscribe({ all: true });
    connection.start();
    clock.pass(2000);
    const die = () => {
      relay.isDead = true;
      [...relay.links].forEach((link) => relay.end(link, true));
    };
    die();
    clock.pass(3000);
    relay.isDead = false;
    clock.pass(1100);
    assert.notEqual(connection.state, 'connecting', `seed ${seed}`);
    clock.pass(2000);
    die();
    clock.pass(60_000);
    const before = dials.length;
    clock.pass(60_000);
    assert.ok(dials.length - before < 20, `seed ${seed}: ${dials.length - before} in a minute`);
    assert.ok(dials.at(-1) > clock.now() - 15_100, `seed ${seed}: gave up`);
    assert.equal(problems.filter((problem) => problem.startsWith('no relay answers')).length, 1, `seed ${seed}`);
    connection.close();
  }
});

test('a market that was sent for a subscription never in force, and let go while there was no link, is not kept', () => {
  const { clock, relay, store, connection } = stage();
  const cells = { ...OPEN, 'btts/@status': 'open', 'btts/yes': 1.7 };
  relay.become('a:1', '1.1-1', cells);
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  connection.start();
  clock.pass(2000);
  relay.spoil = ({ op }) => (op === 'ready' ? null : undefined);
  const other = connection.subscribe({ all: true }, { markets: ['btts'] });
  clock.pass(100);
  assert.equal(store.cell('a:1', 'btts/yes').get(), 1.7);
  [...relay.links].forEach((link) => relay.end(link, true));
  connection.unsubscribe(other);
  relay.spoil = () => undefined;
  clock.pass(3000);
  assert.deepEqual(store.match('a:1').get().markets, ['h2h']);
});

test('a match that came while a subscription was being let go is not kept under its markets', () => {
  const { clock, relay, store, connection } = stage();
  const cells = { ...OPEN, 'btts/@status': 'open', 'btts/yes': 1.7 };
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  const other = connection.subscribe({ all: true }, { markets: ['btts'] });
  connection.start();
  clock.pass(2000);
  relay.become('a:1', '1.1-1', cells);
  connection.unsubscribe(other);
  clock.pass(5);
  [...relay.links].forEach((link) => relay.end(link, true));
  clock.pass(3000);
  assert.deepEqual(store.match('a:1').get().markets, ['h2h']);
  assert.equal(store.cell('a:1', 'h2h/home').get(), 1.85);
});

test('a relay that is late closes every market at once', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  relay.late = true;
  clock.pass(1100);
  assert.equal(status(store), 'suspended');
});

test('a word that was long on its way vouches for nothing', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  assert.equal(status(store), 'open');
  relay.down = 10_000;
  clock.pass(4000);
  for (let i = 0; i < 600; i++) {
    clock.pass(50);
    assert.equal(status(store), 'suspended', `${i}`);
    assert.notEqual(connection.state, 'live', `${i}`);
  }
  relay.down = 0;
  clock.pass(20_000);
  assert.equal(status(store), 'open');
});

test('nor does the first word of a link', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  relay.down = 6000;
  connection.subscribe({ all: true });
  connection.start();
  for (let i = 0; i < 400; i++) {
    clock.pass(50);
    assert.notEqual(status(store), 'open', `${i}`);
  }
  assert.equal(connection.state, 'stale');
});

test('what a link that fell silent has left is not taken for current when the next one says that all is well', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  relay.isDead = true;
  clock.pass(4000);
  const heard = [];
  store.market('a:1', 'h2h').subscribe(({ status: is, prices }) => heard.push([is, prices.home]));
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 2 });
  relay.isDead = false;
  relay.links.clear();
  relay.spoil = ({ op, id }) => {
    // All else comes a second after the answer to the ping.
    relay.down = op === 'alive' && id !== undefined ? 0 : 1000;
  };
  clock.pass(20_000);
  assert.deepEqual(heard, [['open', 2]]);
});

test('what a relay that is late has left is not taken for current when the next one says that all is well', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  relay.late = true;
  relay.lagMs = 3500;
  clock.pass(1500);
  const heard = [];
  store.market('a:1', 'h2h').subscribe(({ status: is, prices }) => heard.push([is, prices.home]));
  [...relay.links].forEach((link) => relay.end(link, true));
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 2 });
  relay.late = false;
  relay.lagMs = 50;
  relay.spoil = ({ op, id }) => {
    relay.down = op === 'alive' && id !== undefined ? 0 : 1000;
  };
  clock.pass(20_000);
  assert.deepEqual(heard, [['open', 2]]);
});

test("a relay's clock may show any time, and run faster or slower", () => {
  for (const [off, rate] of [[3_600_000, 1], [-3_600_000, 1], [0, 1.001], [0, 0.999]]) {
    const { clock, relay, store, connection, states } = stage();
    relay.become('a:1', '1.1-1', OPEN);
    relay.wall = () => 1_700_000_000_000 + off + clock.now() * rate;
    relay.delay = () => 200;
    connection.subscribe({ all: true });
    connection.start();
    clock.pass(7_200_000);
    assert.equal(status(store), 'open', `${off} ${rate}`);
    assert.deepEqual(states, ['syncing', 'live'], `${off} ${rate}`);
    relay.down = 5000;
    clock.pass(10_000);
    assert.equal(status(store), 'suspended', `${off} ${rate}`);
    connection.close();
  }
});

test("a relay's clock that is set is followed", () => {
  for (const off of [60_000, -60_000]) {
    const { clock, relay, store, connection } = stage();
    relay.become('a:1', '1.1-1', OPEN);
    connection.subscribe({ all: true });
    connection.start();
    clock.pass(60_000);
    relay.wall = () => 1_700_000_000_000 + clock.now() + off;
    clock.pass(5000);
    assert.equal(status(store), 'open', `${off}`);
    relay.down = 5000;
    clock.pass(10_000);
    assert.equal(status(store), 'suspended', `${off}`);
    connection.close();
  }
});

test('a wrong checksum is reported and asked for again, with pauses', () => {
  const { clock, relay, store, connection, problems, states } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  relay.spoil = (message) => (message.sums ? { ...message, sums: { h2h: '00000000deadbeef' } } : undefined);
  relay.asked.length = 0;
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 2 });
  clock.pass(10000);
  assert.match(problems[0], /match=a:1 pos=1.1-2: wrong, held at 1.1-1/);
  assert.equal(problems.length, 1);
  assert.equal(states.at(-1), 'resyncing');
  assert.equal(status(store), 'suspended');
  assert.ok(relay.asked.length > 1 && relay.asked.length < 30, `asked ${relay.asked.length} times`);
  assert.deepEqual(relay.asked.at(-1).have, { 'a:1': null });
  relay.spoil = () => undefined;
  clock.pass(20000);
  assert.equal(store.cell('a:1', 'h2h/home').get(), 2);
  assert.equal(states.at(-1), 'live');
});

test('an image that was under way when more was asked for does not count as more', () => {
  const { clock, relay, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true }, { markets: ['totals'] });
  connection.start();
  clock.pass(2000);
  relay.become('a:1', '1.2-1', OPEN);
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  clock.pass(6);
  assert.deepEqual(connection.columns.held.get('a:1'), ['totals']);
  clock.pass(2000);
  assert.deepEqual(connection.columns.held.get('a:1'), ['h2h', 'totals']);
});

test('a patch that was under way when more was asked for does not count as more', () => {
  const { clock, relay, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true }, { markets: ['totals'] });
  connection.start();
  clock.pass(2000);
  relay.become('a:1', '1.1-2', { ...OPEN, 'totals/over': 2 });
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  clock.pass(6);
  assert.deepEqual(connection.columns.held.get('a:1'), ['totals'], 'the patch is there, and nothing else');
  [...relay.links].forEach((link) => relay.end(link, true));
  clock.pass(2000);
  assert.deepEqual(relay.asked.findLast(({ op }) => op === 'sub').have, { 'a:1': ['1.1-2', ['totals']] });
  assert.deepEqual(connection.columns.held.get('a:1'), ['h2h', 'totals'], 'now all of it was sent');
});

test('a relay that is behind says nothing of the markets that more was asked for', () => {
  const { clock, relay, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true }, { markets: ['totals'] });
  connection.start();
  relay.become('a:1', '1.1-2', { ...OPEN, 'totals/over': 2 });
  clock.pass(2000);
  relay.isFrozen = true;
  relay.seen.set('a:1', 1);
  clock.pass(1500);
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  clock.pass(2000);
  assert.equal(connection.subscriptions.isReady(), true);
  assert.deepEqual(connection.columns.held.get('a:1'), ['totals'], 'nothing of it was sent');
  relay.catchUp();
  clock.pass(2000);
  assert.deepEqual(connection.columns.held.get('a:1'), ['h2h', 'totals']);
});

test('a market that is no longer followed is no longer held', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', { ...OPEN, 'totals:3.5/over': 2 });
  const wide = connection.subscribe({ match: ['a:1'] });
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  connection.start();
  clock.pass(2000);
  const heard = [];
  const totals = [];
  store.match('a:1').subscribe((match) => heard.push(match.markets));
  store.market('a:1', 'totals:3.5').subscribe((market) => totals.push(market));
  relay.isDead = true;
  clock.pass(10_000);
  connection.unsubscribe(wide);
  relay.isDead = false;
  clock.pass(20_000);
  assert.equal(totals.at(-1), undefined);
  assert.ok(totals.length > 0);
  assert.deepEqual(heard.at(-1), ['h2h']);
  assert.equal(status(store), 'open');
});

test('claims no more than a relay will read, and is sent the rest', () => {
  const { clock, relay, store, connection } = stage();
  for (let i = 0; i < 6000; i++) {
    relay.become(`oddsapi:${String(i).padStart(32, '0')}`, '1.1700000000000-1', { 'match/phase': 'live' });
  }
  connection.subscribe({ all: true }, { markets: ['h2h'] });
  connection.start();
  clock.pass(2000);
  [...relay.links].forEach((link) => relay.end(link, true));
  clock.pass(2000);
  const again = relay.asked.findLast(({ op }) => op === 'sub');
  const claims = Object.keys(again.have).length;
  assert.ok(claims > 2000 && claims < 6000, String(claims));
  assert.ok(JSON.stringify(again).length < 262_144);
  assert.equal(store.held.size, 6000);
  assert.equal(connection.state, 'live');
});

test('what was refused for want of room is asked for again when there is some', () => {
  const { clock, relay, connection, problems } = stage();
  relay.refuse = ({ id }) => id > 2 && { code: 4413, reason: 'more than 2 subscriptions' };
  const first = connection.subscribe({ all: true });
  connection.subscribe({ phase: 'live' });
  connection.subscribe({ phase: 'upcoming' });
  connection.start();
  clock.pass(2000);
  assert.equal(connection.state, 'live');
  assert.equal(problems.length, 1);
  relay.refuse = () => undefined;
  connection.unsubscribe(first);
  clock.pass(100);
  assert.deepEqual([...[...relay.links][0].subscriptions.keys()], [2, 3]);
});

test('a link that takes it to stand further back is put right when it comes to where it stands', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(1000);
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 2 });
  clock.pass(1000);
  const [link] = relay.links;
  const asked = () => relay.asked.filter(({ op }) => op === 'sub').length;
  const patch = { op: 'patch', match: 'a:1', from: '1.1-1', pos: '1.1-2', n: 1, set: { 'h2h/home': 2 }, sums: {} };
  link.say(patch);
  clock.pass(1000);
  assert.equal(asked(), 1, 'a repeat is a repeat');
  link.say({ op: 'image', match: 'a:1', pos: '1.1-1', cells: OPEN, sums: {} });
  link.say(patch);
  clock.pass(1000);
  assert.equal(asked(), 2);
  assert.deepEqual(relay.asked.at(-1).have, { 'a:1': null });
  assert.equal(store.position('a:1'), '1.1-2');
  assert.equal(connection.state, 'live');
});

test('claims nothing of what the link itself has sent', () => {
  const { clock, relay, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  connection.subscribe({ match: ['a:1'] });
  clock.pass(2000);
  assert.deepEqual(relay.asked.findLast(({ op }) => op === 'sub').have, {});
});

test('a dial that comes to nothing is given up', () => {
  const { clock, relay, connection } = stage();
  let dials = 0;
  connection.dial = (hears) => {
    dials++;
    return dials === 1 ? { close() {} } : relay.dial(hears);
  };
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(20_000);
  assert.equal(dials, 2);
  assert.equal(connection.state, 'live');
});

test('what is taken away while it is claimed is asked for again', () => {
  const { clock, relay, store, connection } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  const first = connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  [...relay.links].forEach((link) => relay.end(link, true));
  clock.pass(2000);
  // The claim is written while its match is held, and read when it was taken away.
  connection.unsubscribe(first);
  connection.subscribe({ match: ['a:1'] });
  clock.pass(2000);
  assert.deepEqual(relay.asked.at(-1).have, { 'a:1': null });
  assert.equal(status(store), 'open');
  assert.equal(connection.state, 'live');
});

test('a message that cannot be read costs the link, and no more', () => {
  const { clock, relay, store, connection, problems } = stage();
  relay.become('a:1', '1.1-1', OPEN);
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(2000);
  relay.links.forEach((link) => link.say({ op: 'image', match: 'a:1', pos: 'nonsense', cells: {}, sums: {} }));
  clock.pass(5000);
  assert.equal(problems.length, 1);
  assert.equal(status(store), 'open');
  assert.equal(connection.state, 'live');
});

test('a refusal for good ends it', () => {
  const { clock, relay, connection, states, problems } = stage();
  connection.subscribe({ all: true });
  connection.start();
  clock.pass(1000);
  relay.links.forEach((link) => link.say({ op: 'error', code: 4401, reason: 'the token has expired', reconnect: false }));
  clock.pass(60000);
  assert.equal(states.at(-1), 'closed');
  assert.equal(relay.links.size, 0);
  assert.match(problems[0], /4401 the token has expired/);
});

test(`is whole again after whatever happened to the link: ${SEEDS} seeds`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { clock, relay, store, connection } = stage(seed);
    const next = random(seed * 7919);
    const versions = new Map();
    const change = (match) => {
      const at = versions.get(match) ?? { created: 1, version: 0 };
      const anew = at.version > 0 && next() < 0.05;
      const now = anew ? { created: at.created + 1, version: 1 } : { created: at.created, version: at.version + 1 };
      versions.set(match, now);
      const cells = { ...OPEN, 'h2h/home': 1 + Math.floor(next() * 20), 'match/home_score': now.version };
      if (next() < 0.3) {
        delete cells['h2h/home'];
      }
      relay.become(match, `1.${now.created}-${now.version}`, cells);
    };
    ['a:1', 'a:2'].forEach(change);
    connection.subscribe({ all: true });
    connection.subscribe({ match: ['a:2'] });
    connection.start();
    let broken = true;
    let vouchedAt = 0;
    relay.spoil = (message) => {
      if (!broken || next() > 0.1) {
        return undefined;
      }
      const dice = next();
      return dice < 0.4 ? null : message.sums ? { ...message, sums: { match: 'deadbeefdeadbeef' } } : undefined;
    };
    for (let step = 0; step < 60; step++) {
      const dice = next();
      if (dice < 0.6) {
        change(next() < 0.5 ? 'a:1' : 'a:2');
      } else if (dice < 0.7) {
        [...relay.links].forEach((link) => relay.end(link, next() < 0.7));
      } else if (dice < 0.75) {
        relay.isDead = !relay.isDead;
      } else if (dice < 0.8) {
        relay.late = !relay.late;
      }
      clock.pass(next() * 800);
      const now = clock.now();
      vouchedAt = relay.links.size > 0 && !relay.late && !relay.isDead ? now : vouchedAt;
      // What was on its way may vouch a little longer; the connection looks twice a second.
      assert.ok(store.isLate || now - vouchedAt <= 4600, `seed ${seed} step ${step}`);
    }
    broken = false;
    relay.isDead = false;
    relay.late = false;
    // A link loses nothing without breaking: what a relay left out shows with the next change.
    ['a:1', 'a:2'].forEach(change);
    clock.pass(60000);
    for (const match of ['a:1', 'a:2']) {
      const { pos, cells } = relay.matches.get(match).at(-1);
      assert.equal(store.position(match), pos, `seed ${seed} ${match}`);
      for (const [cell, value] of Object.entries(cells)) {
        assert.equal(store.cell(match, cell).get(), value, `seed ${seed} ${match} ${cell}`);
      }
    }
    assert.equal(connection.state, 'live', `seed ${seed}`);
    connection.close();
  }
});
