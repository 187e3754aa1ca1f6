import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../src/position.js';
import { Store } from '../src/store.js';
import { difference, random, sumsOf } from '../support/cells.js';

const SEEDS = Number(process.env.TOUCHLINE_SEEDS ?? 300);

/** What a match was at each of its positions, over several epochs. */
function history(next) {
  const states = [];
  let created = 1;
  let cells = {};
  let version = 0;
  for (let i = 0; i < 40; i++) {
    if (i === 0 || next() < 0.08) {
      created += 1 + Math.floor(next() * 5);
      version = 0;
      cells = {};
    }
    cells = { ...cells };
    for (let changes = 1 + Math.floor(next() * 3); changes > 0; changes--) {
      const cell = ['match/home_score', 'h2h/@status', 'h2h/home', 'h2h/away', 'totals/over', 'incidents/i1'][Math.floor(next() * 6)];
      if (next() < 0.2) {
        delete cells[cell];
      } else {
        cells[cell] = cell.endsWith('@status') ? (next() < 0.5 ? 'open' : 'suspended') : Math.floor(next() * 9) + 1;
      }
    }
    states.push({ pos: `1.${created}-${++version}`, cells });
  }
  return states;
}

function image(state) {
  return { op: 'image', match: 'a:1', pos: state.pos, cells: state.cells, sums: sumsOf(state.cells) };
}

/** From one state to a later one of the same epoch, conflated where they are no neighbours. */
function patch(from, to) {
  return { op: 'patch', match: 'a:1', from: from.pos, pos: to.pos, n: 2, ...difference(from.cells, to.cells) };
}

test(`holds one state of its match's history, and never an earlier one than before: ${SEEDS} seeds`, () => {
  const came = { applied: 0, old: 0, gap: 0, wrong: 0 };
  let told = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const next = random(seed);
    const states = history(next);
    const byPosition = new Map(states.map((state) => [state.pos, state.cells]));
    const store = new Store({ frame: (run) => run() });
    store.late(false);
    let at = null;
    store.cell('a:1', 'h2h/home').subscribe(() => told++);
    for (let i = 0; i < 120; i++) {
      // A relay that is ahead or behind, says things twice, leaves some out, and now and then spoils one.
      const to = Math.floor(next() * states.length);
      const from = Math.max(0, to - 1 - Math.floor(next() * 3));
      const sameEpoch = states[from].pos.split('-')[0] === states[to].pos.split('-')[0] && from < to;
      const say = sameEpoch && next() < 0.7 ? patch(states[from], states[to]) : image(states[to]);
      const spoilt = next() < 0.1 && Object.keys(say.sums).length > 0;
      if (spoilt) {
        say.sums[Object.keys(say.sums)[0]] = '00000000deadbeef';
      }
      const outcome = store[say.op](say);
      came[outcome]++;
      const now = store.position('a:1');
      const where = `seed ${seed} step ${i} ${say.op} ${say.from ?? ''} ${say.pos}: ${outcome}`;
      assert.ok(!(spoilt && outcome === 'applied'), where);
      assert.ok(at === null || compare(now, at) >= 0, `${where}, from ${at} to ${now}`);
      assert.ok(outcome === 'applied' ? now === say.pos : now === at, where);
      const cells = now === null ? {} : byPosition.get(now);
      for (const cell of ['match/home_score', 'h2h/@status', 'h2h/home', 'h2h/away', 'totals/over', 'incidents/i1']) {
        assert.equal(store.cell('a:1', cell).get(), cells[cell], `${where}, ${cell}`);
      }
      const status = cells['h2h/@status'] === 'open' ? 'open' : 'suspended';
      const market = store.market('a:1', 'h2h').get();
      assert.equal(market?.status ?? status, status, where);
      at = now;
    }
    assert.equal(store.image(image(states.at(-1))), 'applied');
  }
  for (const [outcome, count] of Object.entries(came)) {
    assert.ok(count > 0, `${outcome} never came`);
  }
  assert.ok(told > SEEDS, `listeners heard ${told} times`);
});
