import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Store } from '../src/store.js';

const directory = new URL('../../scenarios/', import.meta.url);
const names = readdirSync(directory).filter((name) => name.endsWith('.out.jsonl'));

/** What the machine said, as a relay passes it on. */
function message(update) {
  const { match, pos, kind, set, del, sums } = update;
  if (kind !== 'patch') {
    return { op: 'image', match, pos, cells: set, sums };
  }
  const [epoch, version] = pos.split('-');
  return { op: 'patch', match, from: `${epoch}-${version - 1}`, pos, n: 1, set, del, sums };
}

function updates(name) {
  return readFileSync(new URL(name, directory), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => JSON.parse(line).updates);
}

test('there are scenarios to read', () => assert.ok(names.length > 20, String(names.length)));

for (const name of names) {
  test(`holds what was said: ${name}`, () => {
    const store = new Store({ frame: () => {} });
    const cells = new Map();
    for (const update of updates(name)) {
      const say = message(update);
      assert.equal(store[say.op](say), 'applied', JSON.stringify(update));
      assert.equal(store[say.op](say), say.op === 'image' ? 'applied' : 'old', 'a repeat changes nothing');
      const held = cells.get(update.match) ?? {};
      const next = update.kind === 'patch' ? { ...held, ...update.set } : { ...update.set };
      (update.del ?? []).forEach((cell) => delete next[cell]);
      cells.set(update.match, next);
      assert.equal(store.position(update.match), update.pos);
      for (const [cell, value] of Object.entries(next)) {
        assert.equal(store.cell(update.match, cell).get(), value, cell);
      }
      for (const cell of Object.keys(held)) {
        if (!(cell in next)) {
          assert.equal(store.cell(update.match, cell).get(), undefined, cell);
        }
      }
    }
  });
}
