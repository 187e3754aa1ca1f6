import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { leaguePath, matchPath, routeOf } from '../page/paths.js';
import { REASONS, chiefReason, incident, minute, outcomeLong, outcomeShort, price, signed, stage, standing, whyLong, whyShort } from '../page/words.js';

/** The constants of a Java enum, as cells write them. */
function constants(path) {
  const source = readFileSync(new URL(`../../market/src/main/java/touchline/${path}`, import.meta.url), 'utf8');
  return [...source.matchAll(/^ {4}([A-Z][A-Z_]+)[,;]$/gm)].map(([, name]) => name.toLowerCase());
}

test('every reason for which a market is suspended has words', () => {
  const reasons = constants('book/Reason.java');
  assert.ok(reasons.length >= 11, String(reasons));
  for (const reason of [...reasons, 'late']) {
    assert.ok(reason in REASONS, reason);
  }
});

test('a row names the most telling reason, a match all of them', () => {
  assert.equal(chiefReason(['quotes_gone', 'goal']), 'goal');
  assert.equal(whyShort(['quotes_gone', 'goal']), 'Goal');
  assert.match(whyLong(['quotes_gone', 'goal']), /^Goal: .*\. Also: no quotes$/);
  assert.equal(whyShort([]), 'Suspended');
  assert.equal(whyShort(['of_tomorrow']), 'Of tomorrow', 'a later relay may know more reasons');
});

test('every period has words', () => {
  for (const period of constants('feed/Period.java')) {
    assert.notEqual(stage({ phase: 'live', period }), 'Live', period);
  }
  assert.equal(stage({ phase: 'live' }), 'Live');
  assert.equal(stage({ phase: 'ended', ended: 'completed' }), 'Full time');
});

test('a price shows what was said, with two decimals at least where they matter', () => {
  assert.deepEqual([2, 1.9, 1.85, 1.365, 12, 101, 999.5, undefined].map(price), ['2.00', '1.90', '1.85', '1.365', '12.00', '101', '999.5', '–']);
});

test('a line is the home side’s, and the away side’s its opposite', () => {
  assert.deepEqual(outcomeShort('spreads', 'home', -0.5), ['', '−0.5']);
  assert.deepEqual(outcomeShort('spreads', 'away', -0.5), ['', '+0.5']);
  assert.deepEqual(outcomeLong('spreads', 'away', 1.5, 'Reds', 'Blues'), ['Blues', '−1.5']);
  assert.deepEqual(outcomeLong('totals:3.5', 'over', 3.5, 'Reds', 'Blues'), ['Over', '3.5']);
  assert.deepEqual(outcomeLong('h2h', 'draw', undefined, 'Reds', 'Blues'), ['Draw']);
  assert.equal(signed(0), '0');
});

test('a clock goes on while it runs and never back', () => {
  const match = { phase: 'live', clock_seconds: 2700, clock_at: 1000, clock_running: 1 };
  assert.equal(minute(match, 1000), '45′');
  assert.equal(minute(match, 61_000), '46′');
  assert.equal(minute(match, 0), '45′', 'a clock of this machine that is behind');
  assert.equal(minute({ ...match, clock_running: 0 }, 600_000), '45′');
  assert.equal(minute({ phase: 'live' }, 0), '');
});

test('an incident in words', () => {
  const said = incident('goal cancelled 1009000 home', { home: 'Reds' });
  assert.deepEqual(said, { type: 'goal', state: 'cancelled', at: 1009000, what: 'Goal', team: 'Reds', after: 'taken back' });
  assert.equal(incident('var open 5', {}).team, '');
});

test('the source being silent, our pipeline being late and the connection being lost are told apart', () => {
  const up = { feed: 'up', late: false };
  const words = [
    standing('live', up, true),
    standing('live', { feed: 'stale', late: false }, true),
    standing('live', { feed: 'down', late: false }, true),
    standing('stale', { feed: 'up', late: true }, true),
    standing('connecting', up, true),
    standing('connecting', up, false),
    standing('closed', up, true),
  ].map(({ short }) => short);
  assert.equal(new Set(words).size, words.length, String(words));
  assert.equal(standing('live', up, true).tone, 'good');
  assert.equal(standing('stale', up, true).tone, 'bad');
});

test('an address leads back to what it was made of', () => {
  for (const id of ['manual:1', 'oddsapi:0123', 'manual:a.b-c_d']) {
    assert.deepEqual(routeOf(matchPath(id)), { name: 'match', key: id });
    assert.ok(!matchPath(id).includes('.'), 'a dot looks like a file');
  }
  assert.deepEqual(routeOf(leaguePath('La Liga - Spain / 2. División')), { name: 'league', key: 'La Liga - Spain / 2. División' });
  assert.deepEqual(routeOf('/'), { name: 'live' });
  assert.deepEqual(routeOf('/upcoming'), { name: 'upcoming' });
  for (const path of ['/match', '/match/', '/match/a/b', '/league/%', '/else']) {
    assert.deepEqual(routeOf(path), { name: 'nowhere' }, path);
  }
});

/** Text and the ground it stands on, by the names of the colours. */
const PAIRS = [
  ...['ground', 'surface', 'raised', 'hover'].flatMap((ground) => [['text', ground], ['soft', ground], ['accent', ground]]),
  ...['surface', 'raised', 'ground'].map((ground) => ['live', ground]),
  ['up', 'up-ground'],
  ['down', 'down-ground'],
  ['up', 'raised'],
  ['down', 'raised'],
  ['down', 'surface'],
  ['warn', 'surface'],
  ['warn', 'hover'],
  ['warn', 'warn-ground'],
  ['down', 'bad-ground'],
  ['text', 'mark'],
];

test('all text can be read, in light and in dark (WCAG AA)', () => {
  const css = readFileSync(new URL('../page/style.css', import.meta.url), 'utf8');
  const colours = new Map([...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(([, name, ...both]) => [name, both]));
  for (const [text, ground] of PAIRS) {
    for (const scheme of [0, 1]) {
      const [a, b] = [luminance(colours.get(text)[scheme]), luminance(colours.get(ground)[scheme])].sort((x, y) => y - x);
      const contrast = (a + 0.05) / (b + 0.05);
      assert.ok(contrast >= 4.5, `${text} on ${ground}, ${scheme ? 'dark' : 'light'}: ${contrast.toFixed(2)}`);
    }
  }
});

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
