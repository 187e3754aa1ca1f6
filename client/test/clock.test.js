import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../src/clock.js';

test('counts the sleep that only the wall clock has seen, and does not follow it otherwise', () => {
  let wall = 1_700_000_000_000;
  let monotonic = 0;
  const clock = systemClock({ wall: () => wall, monotonic: () => monotonic });
  const pass = (byWall, byMonotonic) => {
    wall += byWall;
    monotonic += byMonotonic;
    return clock.now();
  };
  assert.equal(pass(1000, 1000), 1000);
  assert.equal(pass(600_000, 500), 601_000, 'asleep');
  assert.equal(pass(600_000, 600_000), 1_201_000, 'asleep on a system that counts it');
  assert.equal(pass(-3_600_000, 500), 1_201_500, 'set back');
  assert.equal(pass(1500, 500), 1_202_000, 'corrected');
  assert.equal(clock.wall(), wall);
});

test('a timer that is ended does not run', async () => {
  const clock = systemClock();
  const ran = [];
  clock.after(0, () => ran.push('ended'))();
  await new Promise((go) => clock.after(2, go));
  assert.deepEqual(ran, []);
});
