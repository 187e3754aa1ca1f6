import '../support/peers.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standIn } from '../support/client.js';

globalThis.document = {};
const { scope, shallowRef } = await import('vue');
const { touchline, useCell, useClient, useList, useMarket, useMatch, useNode, useWatch } = await import('../src/vue.js');

const LIVE = { phase: 'live' };
const OPEN = { 'match/phase': 'live', 'match/home': 'Arsenal', 'h2h/@status': 'open', 'h2h/home': 2 };

function inClient(setup) {
  const client = standIn();
  return { client, ...scope(touchline, client, setup) };
}

test('a component without the plugin is told what to do', () => {
  assert.throws(() => scope(null, null, () => useClient()), /app.use\(touchline/);
});

test('refs follow what they show until the scope ends', () => {
  const { client, result, end } = inClient(() => [useList(LIVE), useMatch('a:1'), useMarket('a:1', 'h2h'), useCell('a:1', 'h2h/home'), useNode(useClient().state)]);
  const values = () => result.map(({ value }) => value?.home ?? value?.status ?? value);
  assert.deepEqual(values(), [[], undefined, undefined, undefined, 'connecting']);
  client.become('a:1', '1.1-1', OPEN);
  assert.deepEqual(values(), [['a:1'], 'Arsenal', 'open', 2, 'connecting']);
  end();
  client.become('a:1', '1.1-2', { ...OPEN, 'h2h/home': 3 });
  assert.equal(result[3].value, 2);
  assert.equal(client.cell('a:1', 'h2h/home').listeners.size, 0);
});

test('a ref may come to show another match', () => {
  const id = shallowRef('a:1');
  const { client, result } = inClient(() => useMatch(id));
  client.become('a:1', '1.1-1', OPEN);
  client.become('a:2', '1.1-1', { ...OPEN, 'match/home': 'Brann' });
  id.value = 'a:2';
  assert.equal(result.value.home, 'Brann');
  client.become('a:1', '1.1-2', { ...OPEN, 'match/home': 'nobody' });
  assert.equal(result.value.home, 'Brann');
  assert.equal(client.match('a:1').listeners.size, 0);
});

test('watches while the scope lives, and another thing when that is wanted', () => {
  const select = shallowRef(LIVE);
  const { client, end } = inClient(() => useWatch(select, { markets: ['h2h'] }));
  assert.deepEqual(client.watched, [[LIVE, { markets: ['h2h'] }]]);
  select.value = { phase: 'live' };
  assert.equal(client.watched.length, 1);
  select.value = { match: ['a:1'] };
  assert.deepEqual(client.watched, [[{ match: ['a:1'] }, { markets: ['h2h'] }]]);
  select.value = null;
  assert.deepEqual(client.watched, []);
  select.value = LIVE;
  end();
  assert.deepEqual(client.watched, []);
});
