import '../support/peers.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standIn } from '../support/client.js';

const { mount } = await import('react');
const { TouchlineProvider, useCell, useClient, useList, useMarket, useMatch, useNode, usePrefetch, useWatch } = await import('../src/react.js');

const LIVE = { phase: 'live' };
const OPEN = { 'match/phase': 'live', 'match/home': 'Arsenal', 'h2h/@status': 'open', 'h2h/home': 2 };

function inClient(component) {
  const client = standIn();
  TouchlineProvider({ client, children: null });
  return { client, root: mount(component) };
}

test('a component without a provider is told what to do', () => {
  assert.throws(() => mount(() => useClient()), /TouchlineProvider/);
});

test('renders again when what it shows has changed, and only then', () => {
  const { client, root } = inClient(() => [useList(LIVE), useMatch('a:1')?.home, useMarket('a:1', 'h2h')?.status, useCell('a:1', 'h2h/home')]);
  assert.deepEqual(root.result, [[], undefined, undefined, undefined]);
  client.become('a:1', '1.1-1', OPEN);
  assert.deepEqual(root.result, [['a:1'], 'Arsenal', 'open', 2]);
  const before = root.renders;
  client.become('a:2', '1.1-1', { 'match/phase': 'upcoming' });
  client.become('a:1', '1.1-2', { ...OPEN, 'totals/over': 2 });
  assert.equal(root.renders, before + 1, 'the match has another market');
  root.unmount();
  client.become('a:1', '1.1-3', { ...OPEN, 'h2h/home': 3 });
  assert.equal(root.renders, before + 1);
});

test('shows the state of the connection', () => {
  const { root } = inClient(() => useNode(useClient().state));
  assert.equal(root.result, 'connecting');
});

test('watches while it is there, and another thing when its props say so', () => {
  let select = LIVE;
  const { client, root } = inClient(() => useWatch(select, { markets: ['h2h'] }));
  assert.deepEqual(client.watched, [[LIVE, { markets: ['h2h'] }]]);
  select = { phase: 'live' };
  root.render();
  assert.equal(client.watched.length, 1, 'an equal selection is the same');
  select = { match: ['a:1'] };
  root.render();
  assert.deepEqual(client.watched, [[{ match: ['a:1'] }, { markets: ['h2h'] }]]);
  select = null;
  root.render();
  assert.deepEqual(client.watched, []);
  select = LIVE;
  root.render();
  root.unmount();
  assert.deepEqual(client.watched, []);
});

test('a link that is pointed at prefetches', () => {
  const { client, root } = inClient(() => usePrefetch({ match: ['a:1'] }));
  const before = root.result;
  root.render();
  assert.equal(root.result, before);
  root.result.onPointerEnter();
  root.result.onFocus();
  assert.deepEqual(client.prefetched, [[{ match: ['a:1'] }, undefined], [{ match: ['a:1'] }, undefined]]);
});
