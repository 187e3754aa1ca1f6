import '../support/peers.js';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Bytes, gzipped, of all code that index.js reaches, without its comments; a minifier leaves three quarters of that. */
const CORE_MAX = 11_400;

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const { exports, files, dependencies } = JSON.parse(read('package.json'));
const entries = Object.entries(exports).filter(([, entry]) => entry.types);

function reached(path, found = new Map()) {
  if (!found.has(path)) {
    const text = read(path);
    found.set(path, text);
    for (const [, name] of text.matchAll(/from '\.\/([\w.]+)'/g)) {
      reached(`src/${name}`, found);
    }
  }
  return found;
}

test(`the core is at most ${CORE_MAX} bytes of code, gzipped`, () => {
  const core = reached('src/index.js');
  assert.ok(core.has('src/checksum.js') && core.has('src/sse.js'), [...core.keys()].join());
  const size = gzipSync([...core.values()].join('').replace(/^ *(\/\*\*[^]*?\*\/|\/\/.*)\n/gm, ''), { level: 9 }).length;
  assert.ok(size <= CORE_MAX, `${size} bytes`);
});

test('depends on nothing', () => assert.equal(dependencies, undefined));

test('ships what it says', () => {
  assert.ok(entries.length >= 5);
  for (const [name, entry] of Object.entries(exports)) {
    for (const path of [entry].flatMap((one) => Object.values(one.types ? one : { one }))) {
      assert.ok(existsSync(fileURLToPath(new URL(path, root))), `${name}: ${path}`);
      assert.ok(path === './package.json' || files.some((file) => path.startsWith(`./${file}/`)), path);
    }
  }
});

for (const [name, { types, default: source }] of entries) {
  test(`the types of ${name} name what it exports, and nothing else`, async () => {
    const exported = Object.keys(await import(new URL(source, root)));
    const typed = [...read(types).matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map(([, one]) => one);
    assert.deepEqual(typed.sort(), exported.sort());
  });
}

test('the types of the client name its nodes and methods, and nothing else', async () => {
  const { createClient } = await import('../src/index.js');
  const client = createClient();
  const own = new Set(['connection', 'store', 'start', 'tell', 'constructor']);
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((one) => !own.has(one));
  const nodes = Object.keys(client).filter((one) => typeof client[one]?.subscribe === 'function' && !own.has(one));
  const [, body] = /export interface Client \{(.*?)\n\}/s.exec(read('types/index.d.ts'));
  const typed = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, one]) => one);
  assert.deepEqual(typed.sort(), [...methods, ...nodes].sort());
});
