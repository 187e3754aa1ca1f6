import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../src/index.js';
import { address } from '../src/address.js';
import { random } from '../support/cells.js';
import { Clock, Relay } from '../support/stage.js';

const OPEN = { 'match/phase': 'live', 'match/home': 'Arsenal', 'h2h/@status': 'open', 'h2h/home': 1.85, 'totals/@status': 'open', 'totals/over': 2 };
const MINUTE = 60_000;

function stage(options = {}) {
  const clock = new Clock();
  const next = random(7);
  const relay = new Relay(clock, next);
  const problems = [];
  const dialled = [];
  relay.dialled = (url, said) => dialled.push([url, said]);
  relay.become('a:1', '1.1-1', OPEN);
  const client = createClient({
    url: 'https://relay.example/v1/stream',
    clock,
    random: next,
    frame: (run) => clock.after(16, run),
    WebSocket: relay.WebSocket,
    fetch: relay.fetch,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { clock, relay, client, problems, dialled };
}

const status = (client, match = 'a:1') => client.market(match, 'h2h').get()?.status;
const asked = (relay, op) => relay.asked.filter((message) => message.op === op);

function jwt(clock, lifeMs, name = '') {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256' })}.${part({ sub: `zoë${name}`, exp: Math.floor((clock.wall() + lifeMs) / 1000) })}.c2ln`;
}

test('dials nothing before something is watched', async () => {
  const { clock, client, dialled } = stage();
  await clock.play(5000);
  assert.equal(dialled.length, 0);
  assert.equal(clock.timers.size, 1, 'the relay has one');
  assert.equal(client.state.get(), 'connecting');
  assert.equal(client.match('a:1').get(), undefined);
  assert.deepEqual(client.list({ all: true }).get(), []);
  client.close();
});

test('is live as soon as the relay has answered', async () => {
  const { clock, client, dialled } = stage();
  const states = [];
  client.state.subscribe((state) => states.push(state));
  client.watch({ phase: 'live' });
  await clock.play(100);
  assert.deepEqual(dialled, [['wss://relay.example/v1/stream', ['touchline.v1']]]);
  assert.equal(client.state.get(), 'live');
  assert.equal(status(client), 'open');
  assert.deepEqual(client.list({ phase: 'live' }).get(), ['a:1']);
  assert.deepEqual(client.health.get(), { feed: 'up', late: false, lagMs: 50, transport: 'websocket' });
  client.close();
  assert.equal(client.state.get(), 'closed');
  assert.equal(status(client), 'suspended');
  await clock.play(MINUTE);
  assert.equal(clock.timers.size, 1, 'nothing goes on after the end');
});

test('the same watch twice is one subscription, which outlives its last release for a while', async () => {
  const { clock, relay, client } = stage();
  const first = client.watch({ match: ['a:2', 'a:1'] }, { markets: ['totals', 'h2h'] });
  const second = client.watch({ match: ['a:1', 'a:2'] }, { markets: ['h2h', 'totals', 'h2h'] });
  await clock.play(100);
  assert.equal(asked(relay, 'sub').length, 1);
  first();
  first();
  await clock.play(MINUTE);
  assert.equal(asked(relay, 'unsub').length, 0, 'one of two was released, twice');
  second();
  await clock.play(29_000);
  const third = client.watch({ match: ['a:1', 'a:2'] }, { markets: ['h2h', 'totals'] });
  await clock.play(MINUTE);
  assert.equal(asked(relay, 'unsub').length, 0);
  assert.equal(asked(relay, 'sub').length, 1);
  third();
  await clock.play(31_000);
  assert.equal(asked(relay, 'unsub').length, 1);
  assert.equal(client.match('a:1').get().gone.why, 'left');
  client.close();
});

test('what was prefetched is there when it is watched, and goes by itself when it is not', async () => {
  const { clock, relay, client } = stage();
  client.prefetch({ match: ['a:1'] });
  await clock.play(1000);
  client.watch({ match: ['a:1'] });
  assert.equal(status(client), 'open');
  await clock.play(MINUTE);
  assert.equal(asked(relay, 'sub').length, 1);
  client.prefetch({ phase: 'live' });
  await clock.play(MINUTE);
  assert.deepEqual(asked(relay, 'unsub').map(({ id }) => id), [2]);
  assert.equal(status(client), 'open', 'the watch has it still');
  client.close();
});

test('tells figures at most once a second', async () => {
  const { clock, relay, client } = stage();
  const heard = [];
  client.figures.subscribe((figures) => heard.push(figures));
  client.watch({ all: true });
  await clock.play(1100);
  for (let version = 2; version < 42; version++) {
    relay.become('a:1', `1.1-${version}`, { ...OPEN, 'h2h/home': version });
    await clock.play(100);
  }
  assert.ok(heard.some(({ patchesPerSecond }) => patchesPerSecond === 10));
  await clock.play(1000);
  assert.ok(heard.length >= 5 && heard.length <= 7, String(heard.length));
  const { bytes, ...rest } = heard.at(-1);
  assert.ok(bytes > 1000);
  assert.equal(rest.matches, 1);
  assert.equal(rest.patches, 40);
  assert.ok(rest.ageMs >= 50 && rest.ageMs < 1200);
  client.close();
});

test('a match that is behind is closed for its own, and the rest is open', async () => {
  const { clock, relay, client } = stage();
  relay.become('a:2', '1.1-1', OPEN);
  client.watch({ all: true });
  await clock.play(1000);
  const heard = [];
  client.market('a:1', 'h2h').subscribe(({ status, reasons }) => heard.push([status, ...reasons]));
  relay.behind = ['a:1'];
  await clock.play(1100);
  assert.deepEqual(heard, [['suspended', 'late']]);
  assert.equal(status(client, 'a:2'), 'open');
  assert.equal(client.state.get(), 'live');
  relay.become('a:1', '2.1-1', OPEN);
  relay.behind = undefined;
  await clock.play(1100);
  assert.deepEqual(heard, [['suspended', 'late'], ['open']]);
  client.close();
});

test('a refused subscription is reported, and keeps nobody from being live', async () => {
  const { clock, relay, client, problems } = stage();
  relay.refuse = ({ select }) => select.phase && { code: 4403, reason: 'select.phase=upcoming: the token does not allow it', reconnect: true };
  client.watch({ phase: 'upcoming' });
  client.watch({ match: ['a:1'] });
  await clock.play(2000);
  assert.equal(client.state.get(), 'live');
  assert.equal(status(client), 'open');
  assert.equal(problems.length, 1);
  assert.match(problems[0].message, /4403 select.phase=upcoming/);
  assert.equal(problems[0].code, 4403);
  assert.deepEqual(problems[0].select, { phase: 'upcoming' });
  relay.refuse = () => undefined;
  [...relay.links].forEach((link) => relay.end(link, true));
  relay.become('a:3', '1.1-1', { ...OPEN, 'match/phase': 'upcoming' });
  await clock.play(5000);
  assert.deepEqual(client.list({ phase: 'upcoming' }).get(), ['a:3'], 'another link, another answer');
  client.close();
});

test('what is no longer allowed is no longer held', async () => {
  const { clock, relay, client } = stage();
  client.watch({ phase: 'live' });
  await clock.play(1000);
  relay.refuse = () => ({ code: 4403, reason: 'no more', reconnect: true });
  [...relay.links].forEach((link) => relay.end(link, true));
  await clock.play(5000);
  assert.equal(status(client), undefined);
  client.close();
});

for (const [code, state] of [[4401, 'closed'], [4403, 'closed'], [4402, 'live'], [4500, 'live'], [1001, 'live'], [1006, 'live']]) {
  test(`closed with ${code} it is ${state}`, async () => {
    const { clock, relay, client, problems } = stage();
    client.watch({ all: true });
    await clock.play(1000);
    [...relay.links].forEach((link) => relay.end(link, true, code));
    await clock.play(10_000);
    assert.equal(client.state.get(), state);
    assert.equal(problems.length, state === 'closed' ? 1 : 0);
    client.close();
  });
}

test('comes by events where no WebSocket gets through, and back when one does', async () => {
  const { clock, relay, client, dialled } = stage();
  relay.blocked.add('websocket');
  client.watch({ all: true });
  await clock.play(5000);
  assert.equal(client.health.get().transport, 'sse');
  assert.equal(client.state.get(), 'live');
  assert.equal(status(client), 'open');
  assert.deepEqual(dialled.at(-1)[0], 'https://relay.example/v1/stream');
  await clock.play(2 * MINUTE);
  assert.equal(client.health.get().transport, 'sse');
  const heard = [];
  client.market('a:1', 'h2h').subscribe((market) => heard.push(market.status));
  client.state.subscribe((state) => assert.ok(state === 'live' || state === 'syncing', state));
  relay.blocked.clear();
  await clock.play(20 * MINUTE);
  assert.equal(client.health.get().transport, 'websocket');
  assert.equal(relay.links.size, 1);
  assert.deepEqual(heard, [], 'nobody saw it');
  client.close();
});

test('comes by events at once where the platform has no WebSocket', async (t) => {
  const had = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  delete globalThis.WebSocket;
  t.after(() => had && Object.defineProperty(globalThis, 'WebSocket', had));
  const { clock, client, dialled, problems } = stage({ WebSocket: undefined });
  client.watch({ all: true });
  await clock.play(1000);
  assert.equal(client.state.get(), 'live');
  assert.deepEqual(dialled.map(([url]) => url), ['https://relay.example/v1/stream']);
  await clock.play(20 * MINUTE);
  assert.equal(client.health.get().transport, 'sse');
  assert.deepEqual(problems, []);
  client.close();
});

test('where only a WebSocket may serve and there is none, it says so', async (t) => {
  const had = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  delete globalThis.WebSocket;
  t.after(() => had && Object.defineProperty(globalThis, 'WebSocket', had));
  const { clock, client, problems } = stage({ WebSocket: undefined, transports: ['websocket'] });
  client.watch({ all: true });
  await clock.play(100);
  assert.match(problems[0].message, /^no WebSocket here: give one as an option/);
  client.close();
});

test('a WebSocket that opens and stays silent is none', async () => {
  const { clock, relay, client } = stage();
  relay.spoil = () => (relay.dialledSse ? undefined : null);
  relay.dialled = (url) => (relay.dialledSse = url.startsWith('https'));
  client.watch({ all: true });
  await clock.play(40_000);
  assert.equal(client.health.get().transport, 'sse');
  assert.equal(client.state.get(), 'live');
  client.close();
});

test('a WebSocket that once worked is not given up for a relay that is away for a moment', async () => {
  const { clock, relay, client } = stage();
  client.watch({ all: true });
  await clock.play(1000);
  relay.blocked.add('sse').add('websocket');
  [...relay.links].forEach((link) => relay.end(link, true));
  await clock.play(5000);
  relay.blocked.clear();
  await clock.play(20_000);
  assert.equal(client.health.get().transport, 'websocket');
  client.close();
});

test('on another network the WebSocket is given up as soon as on the first', async (t) => {
  const listeners = new EventTarget();
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  globalThis.addEventListener = listeners.addEventListener.bind(listeners);
  globalThis.removeEventListener = listeners.removeEventListener.bind(listeners);
  t.after(() => ['document', 'addEventListener', 'removeEventListener'].forEach((name) => delete globalThis[name]));
  const { clock, relay, client } = stage();
  client.watch({ all: true });
  await clock.play(1000);
  relay.blocked.add('websocket');
  [...relay.links].forEach((link) => relay.end(link, true));
  listeners.dispatchEvent(new Event('online'));
  await clock.play(5000);
  assert.equal(client.health.get().transport, 'sse');
  client.close();
});

test('a WebSocket that worked is tried longer', async () => {
  const { clock, relay, client } = stage();
  client.watch({ all: true });
  await clock.play(1000);
  relay.blocked.add('websocket');
  [...relay.links].forEach((link) => relay.end(link, true));
  await clock.play(5000);
  assert.equal(client.health.get().transport, null);
  client.close();
});

test('another subscription over events is another request a tick, with all that is wanted and what is held by then', async () => {
  const { clock, relay, client, dialled } = stage({ transports: ['sse'] });
  client.watch({ match: ['a:1'] }, { markets: ['h2h'] });
  await clock.play(1000);
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 3 });
  await clock.play(1000);
  relay.asked.length = 0;
  dialled.length = 0;
  client.watch({ phase: 'live' }, { markets: ['totals'] });
  client.watch({ match: ['a:7'] });
  await clock.play(1000);
  assert.equal(dialled.length, 1);
  assert.equal(relay.links.size, 1);
  assert.deepEqual(asked(relay, 'sub').map(({ id, have }) => [id, have]), [
    [1, { 'a:1': ['1.1-2', ['h2h']] }],
    [2, { 'a:1': ['1.1-2', ['h2h']] }],
    [3, {}],
  ]);
  assert.equal(client.cell('a:1', 'totals/over').get(), 2);
  assert.equal(client.state.get(), 'live');
  client.close();
});

test('what nobody wants any more goes, over events too', async () => {
  const { clock, client } = stage({ transports: ['sse'] });
  client.watch({ match: ['a:1'] })();
  client.watch({ match: ['a:2'] });
  await clock.play(1000);
  assert.equal(status(client), 'open');
  await clock.play(MINUTE);
  assert.equal(status(client), undefined);
  assert.equal(client.state.get(), 'live');
  client.close();
});

test('an HTTP status says what a WebSocket cannot', async () => {
  for (const [status, state] of [[401, 'closed'], [403, 'closed'], [429, 'connecting'], [503, 'connecting']]) {
    const { clock, relay, client, problems } = stage({
      fetch: async () => ({ ok: false, status, headers: new Headers({ 'Retry-After': '30' }), json: async () => ({ reason: 'because' }) }),
    });
    relay.blocked.add('websocket');
    client.watch({ all: true });
    await clock.play(9000);
    assert.equal(client.state.get(), state, String(status));
    assert.ok(problems.some(({ message }) => message.endsWith(`HTTP ${status} because`)), String(problems));
    client.close();
  }
});

test('a fresh token at every dial, and a newer one on the open socket before it ends', async () => {
  let count = 0;
  const given = [];
  const { clock, relay, client, dialled } = stage({
    getToken: async () => {
      given.push(jwt(clock, 10 * MINUTE, String(++count)));
      return given.at(-1);
    },
  });
  client.watch({ all: true });
  await clock.play(7 * MINUTE);
  assert.deepEqual(dialled[0][1], ['touchline.v1', `bearer.${given[0]}`]);
  assert.equal(given.length, 1);
  await clock.play(2 * MINUTE);
  assert.deepEqual(relay.tokens, [given[1]]);
  await clock.play(20 * MINUTE);
  assert.equal(relay.tokens.length, 3);
  assert.equal(dialled.length, 1);
  [...relay.links].forEach((link) => relay.end(link, true, 4402));
  await clock.play(1000);
  assert.deepEqual(dialled[1][1], ['touchline.v1', `bearer.${given.at(-1)}`]);
  assert.equal(client.state.get(), 'live');
  client.close();
  const now = given.length;
  await clock.play(20 * MINUTE);
  assert.equal(given.length, now);
});

test('a token that is given again is not said again', async () => {
  let given = 0;
  let token;
  const { clock, relay, client } = stage({ getToken: () => (given++, (token ??= jwt(clock, 10 * MINUTE))) });
  client.watch({ all: true });
  await clock.play(9.9 * MINUTE);
  assert.ok(given > 2);
  assert.deepEqual(relay.tokens, []);
  client.close();
});

test('over events a newer token comes with a new request', async () => {
  const { clock, client, dialled } = stage({ transports: ['sse'], getToken: () => jwt(clock, 10 * MINUTE, String(clock.now())) });
  client.watch({ all: true });
  await clock.play(9 * MINUTE);
  assert.equal(dialled.length, 2);
  assert.match(dialled[1][1].Authorization, /^Bearer e/);
  assert.notEqual(dialled[0][1].Authorization, dialled[1][1].Authorization);
  assert.equal(client.state.get(), 'live');
  client.close();
});

test('a token that cannot be got is a problem, and is asked for again', async () => {
  let works = false;
  const { clock, client, problems } = stage({
    getToken: async () => {
      if (!works) {
        throw new Error('the identity service is away');
      }
      return 'opaque';
    },
  });
  client.watch({ all: true });
  await clock.play(2000);
  assert.match(problems[0].message, /identity/);
  works = true;
  await clock.play(20_000);
  assert.equal(client.state.get(), 'live');
  client.close();
});

test('a machine that slept redials at once, and shows nothing as open before', async () => {
  const { clock, relay, client, dialled } = stage();
  client.watch({ all: true });
  await clock.play(10_000);
  const heard = [];
  client.market('a:1', 'h2h').subscribe(({ status, prices }) => heard.push([status, prices.home]));
  [...relay.links].forEach((link) => relay.end(link, false));
  relay.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 5 });
  clock.sleep(10 * MINUTE);
  await clock.play(500);
  assert.equal(dialled.length, 2);
  assert.deepEqual(heard, [['suspended', 1.85], ['open', 5]]);
  client.close();
});

test('what was said to a machine before it slept is not believed after', async () => {
  const { clock, relay, client } = stage();
  client.watch({ all: true });
  await clock.play(10_000);
  const [link] = relay.links;
  link.say(relay.alive(link));
  relay.links.delete(link);
  relay.blocked.add('websocket').add('sse');
  clock.sleep(10 * MINUTE);
  await clock.play(1);
  assert.equal(status(client), 'suspended');
  assert.equal(client.state.get(), 'connecting');
  client.close();
});

test('looks at once when the page or the network is back', async (t) => {
  const page = new EventTarget();
  page.visibilityState = 'visible';
  const listeners = new EventTarget();
  Object.assign(globalThis, {
    document: page,
    addEventListener: listeners.addEventListener.bind(listeners),
    removeEventListener: listeners.removeEventListener.bind(listeners),
  });
  t.after(() => ['document', 'addEventListener', 'removeEventListener'].forEach((name) => delete globalThis[name]));
  const { clock, relay, client, dialled } = stage();
  client.watch({ all: true });
  await clock.play(1000);
  relay.blocked.add('websocket').add('sse');
  [...relay.links].forEach((link) => relay.end(link, true));
  await clock.play(5 * MINUTE);
  relay.blocked.clear();
  for (const [target, name] of [[page, 'visibilitychange'], [listeners, 'pageshow'], [listeners, 'online']]) {
    const before = dialled.length;
    client.connection.lost();
    client.connection.cancelDial();
    target.dispatchEvent(new Event(name));
    await clock.play(10);
    assert.equal(dialled.length, before + 1, name);
  }
  await clock.play(20_000);
  assert.equal(client.state.get(), 'live');
  client.close();
  const before = dialled.length;
  page.dispatchEvent(new Event('visibilitychange'));
  await clock.play(1000);
  assert.equal(dialled.length, before);
});

test('a report that throws hurts nobody', async (t) => {
  const thrown = [];
  const queue = globalThis.queueMicrotask;
  globalThis.queueMicrotask = (run) => {
    try {
      run();
    } catch (problem) {
      thrown.push(problem.message);
    }
  };
  t.after(() => (globalThis.queueMicrotask = queue));
  const { clock, relay, client } = stage({
    onProblem() {
      throw new Error('mine');
    },
  });
  relay.refuse = ({ select }) => select.phase && { code: 4400, reason: 'no', reconnect: true };
  client.watch({ phase: 'nonsense' });
  client.watch({ all: true });
  await clock.play(1000);
  assert.deepEqual(thrown, ['mine']);
  assert.equal(client.state.get(), 'live');
  client.close();
});

test('after the end nothing can be done, and nothing breaks', async () => {
  const { clock, client, dialled } = stage();
  const release = client.watch({ all: true });
  await clock.play(1000);
  client.close();
  client.close();
  release();
  client.watch({ phase: 'live' })();
  client.connection.wake();
  await clock.play(MINUTE);
  assert.equal(client.state.get(), 'closed');
  assert.equal(dialled.length, 1);
});

test('an unknown transport is refused by name', () => {
  assert.throws(() => createClient({ transports: ['carrier pigeon'] }), /transports=carrier pigeon: known are websocket,sse/);
});

test('an address that is none is refused by what it should be', () => {
  assert.throws(() => address('localhost', 'ws'), /^TypeError: url=localhost: must begin with ws:/);
  assert.throws(() => address('/v1/stream', 'http'), /or be relative to a page$/);
});

test('an address serves both ways, relative to the page too', (t) => {
  globalThis.location = { href: 'https://shop.example/live?x=1' };
  t.after(() => delete globalThis.location);
  assert.equal(address('/v1/stream', 'ws'), 'wss://shop.example/v1/stream');
  assert.equal(address('/v1/stream', 'http'), 'https://shop.example/v1/stream');
  assert.equal(address('ws://127.0.0.1:8080/v1/stream', 'http'), 'http://127.0.0.1:8080/v1/stream');
  assert.equal(address('http://127.0.0.1:8080/v1/stream', 'ws'), 'ws://127.0.0.1:8080/v1/stream');
});
