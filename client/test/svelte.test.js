import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefetch, store } from '../src/svelte.js';
import { standIn } from '../support/client.js';

const OPEN = { 'match/phase': 'live', 'h2h/@status': 'open', 'h2h/home': 2 };

test('keeps the contract of stores: the value at once, and every other one after', () => {
  const client = standIn();
  client.become('a:1', '1.1-1', OPEN);
  const heard = [];
  const end = store(client.cell('a:1', 'h2h/home')).subscribe((price) => heard.push(price));
  assert.deepEqual(heard, [2]);
  client.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 3 });
  end();
  client.become('a:1', '1.1-3', { ...OPEN, 'h2h/home': 4 });
  assert.deepEqual(heard, [2, 3]);
});

test('watches for as long as anybody looks', () => {
  const client = standIn();
  const live = store(client.list({ phase: 'live' }), () => client.watch({ phase: 'live' }));
  assert.equal(client.watched.length, 0);
  const first = live.subscribe(() => {});
  const second = live.subscribe(() => {});
  assert.equal(client.watched.length, 1);
  first();
  first();
  assert.equal(client.watched.length, 1);
  second();
  assert.equal(client.watched.length, 0);
  live.subscribe(() => {})();
  assert.equal(client.watched.length, 0);
});

test('a link that is pointed at prefetches what it leads to by then', () => {
  const client = standIn();
  const link = new EventTarget();
  const action = prefetch(link, { client, select: { match: ['a:1'] } });
  link.dispatchEvent(new Event('pointerenter'));
  action.update({ client, select: { match: ['a:2'] }, options: { markets: ['h2h'] } });
  link.dispatchEvent(new Event('focusin'));
  action.destroy();
  link.dispatchEvent(new Event('pointerenter'));
  assert.deepEqual(client.prefetched, [[{ match: ['a:1'] }, undefined], [{ match: ['a:2'] }, { markets: ['h2h'] }]]);
});
