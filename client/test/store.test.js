import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../src/store.js';
import { difference, sumsOf } from '../support/cells.js';

const OPEN = { 'match/phase': 'live', 'match/home': 'Arsenal', 'match/start': 5, 'h2h/@status': 'open', 'h2h/home': 1.85, 'h2h/away': 2 };

const image = (pos, cells, match = 'a:1') => ({ op: 'image', match, pos, cells, sums: sumsOf(cells) });

/** A patch from one set of cells to the next, with the sums of the groups that it changes. */
function patch(from, pos, before, set, del = []) {
  const after = { ...before, ...set };
  del.forEach((cell) => delete after[cell]);
  return { op: 'patch', match: 'a:1', from, pos, n: 1, ...difference(before, after) };
}

/** A store with its frames in the test's hand. */
function stage(options) {
  const frames = [];
  const store = new Store({ frame: (run) => frames.push(run), ...options });
  store.late(false);
  return { store, frame: () => frames.splice(0).forEach((run) => run()) };
}

test('a value is the same object until something of it has changed', () => {
  const { store } = stage();
  store.image(image('1.1-1', OPEN));
  const market = store.market('a:1', 'h2h').get();
  const match = store.match('a:1').get();
  assert.deepEqual(market.prices, { home: 1.85, away: 2 });
  store.patch(patch('1.1-1', '1.1-2', OPEN, { 'match/home_score': 1 }));
  assert.equal(store.market('a:1', 'h2h').get(), market);
  assert.notEqual(store.match('a:1').get(), match);
  assert.throws(() => (market.prices.home = 2), TypeError);
});

test('listeners hear once a frame, however much has happened', () => {
  const { store, frame } = stage();
  store.image(image('1.1-1', OPEN));
  const heard = [];
  store.cell('a:1', 'h2h/home').subscribe((price) => heard.push(price));
  store.patch(patch('1.1-1', '1.1-2', OPEN, { 'h2h/home': 1.9 }));
  store.patch(patch('1.1-2', '1.1-3', OPEN, { 'h2h/home': 1.95 }));
  assert.deepEqual(heard, []);
  assert.equal(store.cell('a:1', 'h2h/home').get(), 1.95);
  frame();
  assert.deepEqual(heard, [1.95]);
});

test('a market that closes is told at once, and whole with the score', () => {
  const { store } = stage();
  store.image(image('1.1-1', OPEN));
  const heard = [];
  store.match('a:1').subscribe((match) => heard.push([match.home_score, store.market('a:1', 'h2h').get().status]));
  store.patch(patch('1.1-1', '1.1-2', OPEN, { 'match/home_score': 1, 'h2h/@status': 'suspended', 'h2h/@reasons': 'goal' }));
  assert.deepEqual(heard, [[1, 'suspended']]);
});

test('while it may be late an open market counts as suspended', () => {
  const { store, frame } = stage();
  store.image(image('1.1-1', OPEN));
  const heard = [];
  store.market('a:1', 'h2h').subscribe((market) => heard.push(market.status + market.reasons));
  store.late(true);
  assert.deepEqual(heard, ['suspendedlate']);
  store.late(false);
  frame();
  assert.deepEqual(heard, ['suspendedlate', 'open']);
});

test('nothing of a patch is taken when a checksum is wrong', () => {
  const { store } = stage();
  store.image(image('1.1-1', OPEN));
  const bad = patch('1.1-1', '1.1-2', OPEN, { 'match/home_score': 1, 'h2h/home': 9 });
  bad.sums.h2h = '0123456789abcdef';
  assert.equal(store.patch(bad), 'wrong');
  const silent = patch('1.1-1', '1.1-2', OPEN, { 'match/home_score': 1, 'h2h/home': 9 });
  delete silent.sums.h2h;
  assert.equal(store.patch(silent), 'wrong', 'a change without a checksum is none to believe');
  assert.equal(store.position('a:1'), '1.1-1');
  assert.equal(store.cell('a:1', 'match/home_score').get(), undefined);
  assert.equal(store.cell('a:1', 'h2h/home').get(), 1.85);
});

test('nobody goes back, and a gap is a gap', () => {
  const { store } = stage();
  store.image(image('1.5-3', OPEN));
  assert.equal(store.image(image('1.5-2', OPEN)), 'old');
  assert.equal(store.image(image('1.4-9', OPEN)), 'old');
  assert.equal(store.patch(patch('1.5-1', '1.5-3', OPEN, { 'h2h/home': 3 })), 'old');
  assert.equal(store.patch(patch('1.5-1', '1.5-4', OPEN, { 'h2h/home': 3 })), 'gap');
  assert.equal(store.patch(patch('1.5-4', '1.5-5', OPEN, { 'h2h/home': 3 })), 'gap');
  assert.equal(store.patch(patch('1.6-1', '1.6-2', OPEN, { 'h2h/home': 3 })), 'gap');
  assert.equal(store.image(image('1.6-1', OPEN)), 'applied');
});

test('a listener that throws, subscribes and unsubscribes hurts nobody', () => {
  const problems = [];
  const { store, frame } = stage({ onProblem: (problem) => problems.push(problem.message) });
  store.image(image('1.1-1', OPEN));
  const home = store.cell('a:1', 'h2h/home');
  const heard = [];
  let second = () => {};
  home.subscribe(() => {
    throw new Error('mine');
  });
  home.subscribe(() => {
    second();
    home.subscribe((price) => heard.push(`new ${price}`));
  });
  second = home.subscribe((price) => heard.push(`gone ${price}`));
  home.subscribe((price) => heard.push(price));
  store.patch(patch('1.1-1', '1.1-2', OPEN, { 'h2h/home': 1.9 }));
  frame();
  assert.deepEqual(heard, [1.9]);
  assert.deepEqual(problems, ['mine']);
  store.patch(patch('1.1-2', '1.1-3', OPEN, { 'h2h/home': 2.1 }));
  frame();
  assert.deepEqual(heard, [1.9, 2.1, 'new 2.1']);
});

test('a match that goes live enters the list by itself, in the order of start', () => {
  const { store, frame } = stage();
  const live = store.list({ phase: 'live' });
  const heard = [];
  live.subscribe((ids) => heard.push(ids));
  assert.deepEqual(live.get(), []);
  const before = { ...OPEN, 'match/phase': 'upcoming' };
  store.image(image('1.1-1', before));
  store.image(image('1.1-1', { ...OPEN, 'match/start': 1 }, 'a:2'));
  frame();
  store.patch(patch('1.1-1', '1.1-2', before, { 'match/phase': 'live' }));
  frame();
  store.gone({ match: 'a:2', why: 'ended' });
  frame();
  assert.deepEqual(heard, [['a:2'], ['a:2', 'a:1'], ['a:1']]);
  assert.deepEqual(store.match('a:2').get().gone, { why: 'ended' });
  assert.equal(store.list({ phase: 'live' }).get(), live.get());
});

test('a market of a match that has ended is no longer open, and that is told at once', () => {
  const { store } = stage();
  store.image(image('1.1-1', OPEN));
  const heard = [];
  store.market('a:1', 'h2h').subscribe((market) => heard.push(market.status + market.reasons));
  store.gone({ match: 'a:1', why: 'ended' });
  assert.deepEqual(heard, ['suspended']);
});

test('a match that is told of again is no longer gone', () => {
  const { store, frame } = stage();
  store.image(image('1.1-1', OPEN));
  store.gone({ match: 'a:1', why: 'moved', to: 'a:2' });
  const heard = [];
  store.market('a:1', 'h2h').subscribe((market) => heard.push(market.status + market.reasons));
  store.image(image('1.2-1', OPEN));
  frame();
  assert.deepEqual(heard, ['open']);
});

test('of matches that left the last thousand are remembered', () => {
  const { store } = stage();
  for (let i = 0; i <= 1000; i++) {
    store.image(image('1.1-1', OPEN, `a:${i}`));
    store.gone({ match: `a:${i}`, why: 'ended' });
  }
  assert.equal(store.match('a:0').get(), undefined);
  assert.equal(store.match('a:1').get().home, 'Arsenal');
  assert.equal(store.left.size, 1000);
  assert.equal(store.held.size, 1000);
});

test('only the match that is behind is suspended, and what is told of it is told at once', () => {
  const { store, frame } = stage();
  store.image(image('1.1-1', OPEN));
  store.image(image('1.1-1', OPEN, 'a:2'));
  const heard = [];
  store.market('a:1', 'h2h').subscribe(({ status }) => heard.push(status));
  store.behind(['a:1', 'a:9']);
  assert.deepEqual(heard, ['suspended']);
  assert.equal(store.market('a:2', 'h2h').get().status, 'open');
  store.behind([]);
  assert.deepEqual(heard, ['suspended']);
  frame();
  assert.deepEqual(heard, ['suspended', 'open']);
});

test('tells where a match stands', () => {
  const store = new Store({ frame: (run) => run() });
  const node = store.at('a:1');
  const heard = [];
  assert.equal(node.get(), null);
  node.subscribe((position) => heard.push(position));
  const cells = { 'match/home': 'Reds' };
  store.image({ op: 'image', match: 'a:1', pos: '1.5-1', cells, sums: sumsOf(cells) });
  store.gone({ match: 'a:1', why: 'left' });
  assert.deepEqual(heard, ['1.5-1', null]);
});
