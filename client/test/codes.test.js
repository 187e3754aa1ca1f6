import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CODES } from '../src/index.js';

const source = new URL('../../relay/src/main/java/touchline/relay/CloseCode.java', import.meta.url);

test('knows the codes that a relay closes with, and no others', () => {
  const said = [...readFileSync(source, 'utf8').matchAll(/^ +[A-Z_]+\((\d+), "(\w+)", (true|false)\)[,;]/gm)];
  assert.ok(said.length >= 9, `${said.length} codes read in CloseCode.java`);
  const codes = Object.fromEntries(said.map(([, code, name, reconnect]) => [code, { name, reconnect: reconnect === 'true' }]));
  assert.deepEqual(JSON.parse(JSON.stringify(CODES)), codes);
});
