import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createClient } from '../src/index.js';
import { sumsOf } from '../support/cells.js';

const CELLS = { 'match/phase': 'live', 'match/home': 'Bodø/Glimt 🏆', 'h2h/@status': 'open', 'h2h/home': 2 };

/** A relay as far as this needs one, over real HTTP. */
async function relay(answer) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(request, JSON.parse(Buffer.concat(chunks).toString()), response));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, url: `http://127.0.0.1:${server.address().port}/v1/stream` };
}

async function until(condition) {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, String(condition));
    await new Promise((go) => setTimeout(go, 5));
  }
}

test('reads events as they come over HTTP, in pieces of any size', async (t) => {
  const asked = [];
  const ended = [];
  const { server, url } = await relay((request, body, response) => {
    asked.push([request.method, request.headers.accept, request.headers.authorization, body.map(({ op }) => op)]);
    response.on('close', () => ended.push(asked.length));
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const messages = [
      { op: 'image', match: 'a:1', pos: '1.1-1', cells: CELLS, sums: sumsOf(CELLS) },
      ...body.filter(({ op }) => op === 'sub').map(({ id }) => ({ op: 'ready', id })),
      { op: 'alive', id: body.find(({ op }) => op === 'ping').id, at: 1, feed: 'up', late: false, lagMs: 1 },
    ];
    const bytes = Buffer.from(`retry: 1000\n\n: hello\r\n\r\ndata: ${JSON.stringify(messages)}\r\n\r\n`);
    const send = (at) => {
      if (at < bytes.length) {
        response.write(bytes.subarray(at, at + 7));
        setImmediate(send, at + 7);
      }
    };
    send(0);
  });
  t.after(() => server.closeAllConnections() ?? server.close());
  const client = createClient({ url, transports: ['sse'], getToken: () => 'opaque' });
  t.after(() => client.close());
  client.watch({ phase: 'live' });
  await until(() => client.state.get() === 'live');
  assert.equal(client.match('a:1').get().home, 'Bodø/Glimt 🏆');
  assert.equal(client.market('a:1', 'h2h').get().status, 'open');
  client.watch({ match: ['a:1'] });
  client.watch({ match: ['a:2'] });
  await until(() => asked.length === 2 && client.state.get() === 'live');
  const once = ['POST', 'text/event-stream', 'Bearer opaque'];
  assert.deepEqual(asked, [[...once, ['ping', 'sub']], [...once, ['ping', 'sub', 'sub', 'sub']]]);
  await until(() => ended.length === 1);
  client.close();
  await until(() => ended.length === 2);
});

test('is told by the status of the answer that it may not come', async (t) => {
  const { server, url } = await relay((request, body, response) => response.writeHead(401).end('no'));
  t.after(() => server.closeAllConnections() ?? server.close());
  const problems = [];
  const client = createClient({ url, transports: ['sse'], onProblem: ({ code }) => problems.push(code) });
  t.after(() => client.close());
  client.watch({ phase: 'live' });
  await until(() => client.state.get() === 'closed');
  assert.deepEqual(problems, [4401]);
});

test('comes back to a server that went away', async (t) => {
  let answers = 0;
  const { server, url } = await relay((request, body, response) => {
    answers++;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: {"op":"alive","at":1,"feed":"up","late":false,"lagMs":1}\n\n');
    if (answers < 3) {
      setImmediate(() => response.destroy());
    }
  });
  t.after(() => server.closeAllConnections() ?? server.close());
  const problems = [];
  const client = createClient({ url, transports: ['sse'], onProblem: (problem) => problems.push(problem) });
  t.after(() => client.close());
  client.watch({ phase: 'live' });
  await until(() => answers === 3);
  assert.deepEqual(problems, [], 'a network that fails is a state, and no problem');
});
