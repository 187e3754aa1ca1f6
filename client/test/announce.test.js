import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Announcer } from '../page/announce.js';

/** A node that is told what it holds. */
class Told {
  constructor(value) {
    this.value = value;
    this.listeners = new Set();
  }

  get() {
    return this.value;
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(value) {
    this.value = value;
    [...this.listeners].forEach((listener) => listener());
  }
}

let text;
let scores;
let client;
let list;
let announcer;

const goal = (match) => client.cell(match, 'match/home_score').tell(client.cell(match, 'match/home_score').get() + 1);

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  text = { data: '' };
  globalThis.document = {
    getElementById: () => ({ appendChild: (node) => node }),
    createTextNode: () => text,
  };
  scores = new Map();
  client = {
    cell(match, cell) {
      const key = `${match} ${cell}`;
      return scores.get(key) ?? scores.set(key, new Told(0)).get(key);
    },
    match: (id) => ({
      get: () => ({
        home: id,
        home_score: client.cell(id, 'match/home_score').get(),
        away: 'Others',
        away_score: client.cell(id, 'match/away_score').get(),
      }),
    }),
  };
  list = new Told(['Reds', 'Blues']);
  announcer = new Announcer(client);
  announcer.listenTo(list);
});

test('a goal is spoken of after a while', () => {
  goal('Reds');
  assert.equal(text.data, '');
  mock.timers.tick(4000);
  assert.equal(text.data, 'Reds 1, Others 0');
});

test('a goal is spoken of although the list changes meanwhile', () => {
  goal('Reds');
  list.tell(['Reds', 'Blues', 'Greens']);
  mock.timers.tick(4000);
  assert.equal(text.data, 'Reds 1, Others 0');
});

test('what has left the page is not spoken of', () => {
  goal('Reds');
  list.tell(['Blues']);
  mock.timers.tick(4000);
  assert.equal(text.data, '');
  goal('Blues');
  announcer.listenTo(undefined);
  mock.timers.tick(4000);
  assert.equal(text.data, '');
});

test('more than three at once wait for their turn, and are spoken of as they stand then', () => {
  list.tell(['A', 'B', 'C', 'D', 'E']);
  ['A', 'B', 'C', 'D', 'E'].forEach(goal);
  mock.timers.tick(4000);
  assert.equal(text.data, 'A 1, Others 0. B 1, Others 0. C 1, Others 0');
  goal('D');
  mock.timers.tick(4000);
  assert.equal(text.data, 'D 2, Others 0. E 1, Others 0');
  mock.timers.tick(4000);
  assert.equal(text.data, 'D 2, Others 0. E 1, Others 0', 'nothing is left to say');
});
