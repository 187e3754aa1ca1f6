import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Sum } from '../src/checksum.js';

const vectors = JSON.parse(readFileSync(new URL('../../scenarios/checksums.json', import.meta.url), 'utf8'));

test('sums every vector as Java does', () => {
  assert.ok(vectors.length > 5);
  for (const { cells, sum } of vectors) {
    const of = new Sum();
    for (const [field, value] of Object.entries(cells)) {
      of.plus(field, value);
    }
    assert.equal(of.hex(), sum, JSON.stringify(cells));
  }
});

test('what is taken away again was never there', () => {
  const sum = new Sum();
  sum.plus('home', 1.85);
  const before = sum.hex();
  sum.plus('team', 'Bodø/Glimt 🏆'.repeat(100));
  assert.notEqual(sum.hex(), before);
  sum.minus('team', 'Bodø/Glimt 🏆'.repeat(100));
  assert.equal(sum.hex(), before);
});
