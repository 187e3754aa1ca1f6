import { el, put, say, Scope } from './dom.js';
import { age, bytes, standing } from './words.js';

/** How the connection and the feeds stand: a word at the top, and a sentence where there is something to explain. */
export function showStanding(client) {
  const chip = document.getElementById('standing');
  const word = document.getElementById('standing-text').appendChild(document.createTextNode(''));
  word.previousSibling?.remove();
  const notice = document.getElementById('notice');
  const sentence = notice.appendChild(document.createTextNode(''));
  let wasLive = false;
  const show = () => {
    const state = client.state.get();
    wasLive ||= state === 'live';
    const { tone, short, long } = standing(state, client.health.get(), wasLive);
    put(chip, 'data-tone', tone);
    say(word, short);
    put(notice, 'data-tone', tone);
    put(notice, 'hidden', long === '');
    say(sentence, long);
    put(document.documentElement, 'data-standing', tone);
  };
  const scope = new Scope();
  scope.follow(client.state, show);
  scope.follow(client.health, show);
}

/** Position, age, bytes and patches: what the connection does, in a line. */
export class Figures {
  constructor(client) {
    this.client = client;
    this.scope = new Scope();
    this.following = new Scope();
    this.match = undefined;
    const place = document.getElementById('figures');
    const item = (name, key) => {
      const text = document.createTextNode('–');
      place.append(el('span', { class: 'figure', 'data-figure': key }, el('span', { class: 'what' }, name), el('span', { class: 'much' }, text)));
      return text;
    };
    this.position = item('position', 'position');
    this.of = place.lastElementChild.appendChild(el('span', { class: 'of' })).appendChild(document.createTextNode(''));
    const aged = item('age', 'age');
    const received = item('received', 'bytes');
    const patches = item('patches/s', 'patches');
    const matches = item('matches', 'matches');
    const transport = item('via', 'transport');
    this.scope.follow(client.figures, (figures) => {
      say(aged, age(figures?.ageMs));
      say(received, bytes(figures?.bytes ?? 0));
      say(patches, (figures?.patchesPerSecond ?? 0).toLocaleString('en-GB', { maximumFractionDigits: 1 }));
      say(matches, String(figures?.matches ?? 0));
    });
    this.scope.follow(client.health, (health) => {
      say(transport, { websocket: 'WebSocket', sse: 'SSE' }[health?.transport] ?? '–');
    });
    // Whichever match is pointed at or focused.
    for (const event of ['pointerover', 'focusin']) {
      document.addEventListener(event, ({ target }) => {
        const row = target instanceof Element && target.closest('[data-match]');
        if (row) {
          this.speakOf(row.dataset.match);
        }
      });
    }
  }

  /** Of the first one, while nobody points at another. @param {readonly string[]} matches on the page */
  speakOfAny(matches) {
    if (this.match === undefined || !matches.includes(this.match)) {
      this.speakOf(matches[0]);
    }
  }

  /** @param {string | undefined} match whose position is shown */
  speakOf(match) {
    if (match === this.match) {
      return;
    }
    this.match = match;
    this.following.end();
    if (match === undefined) {
      say(this.position, '–');
      say(this.of, '');
      return;
    }
    this.following.follow(this.client.position(match), (position) => say(this.position, position ?? '–'));
    this.following.follow(this.client.match(match), (view) => say(this.of, view?.home ? `${view.home} – ${view.away}` : ''));
  }
}
