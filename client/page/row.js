import { el, put, say, Scope } from './dom.js';
import { Market } from './market.js';
import { matchPath } from './paths.js';
import { everySecond } from './ticks.js';
import { dayName, kickOff, marketName, minute, outcomeShort, stage } from './words.js';

/** The markets of a row, and what its page asks for. */
export const COLUMNS = ['h2h', 'spreads', 'totals'];

/** A score that flashes once when it changes. */
export class Score {
  constructor(client, match, cell) {
    this.scope = new Scope();
    this.text = document.createTextNode('');
    this.turn = 0;
    this.element = el('span', { class: 'score' }, this.text);
    this.element.addEventListener('animationend', () => put(this.element, 'data-move', false));
    let before;
    this.scope.follow(client.cell(match, cell), (value) => {
      say(this.text, value === undefined ? '' : String(value));
      if (before !== undefined && value !== undefined) {
        this.turn = 1 - this.turn;
        put(this.element, 'data-move', `new${this.turn}`);
      }
      before = value;
    });
  }

  end() {
    this.scope.end();
  }
}

/** One match in a list. */
export class Row {
  /** @param {object} client @param {string} id */
  constructor(client, id) {
    this.scope = new Scope();
    const name = (field) => el('span', { class: 'name' }, this.scope.text(client.cell(id, `match/${field}`), (text) => text ?? ''));
    const home = new Score(client, id, 'match/home_score');
    const away = new Score(client, id, 'match/away_score');
    const first = document.createTextNode('');
    const second = document.createTextNode('');
    const when = el('span', { class: 'when' }, el('span', { class: 'first' }, first), el('span', { class: 'second' }, second));
    const markets = COLUMNS.map(
      (key) => new Market(client, id, key, { name: marketName(key), label: (outcome, line) => outcomeShort(key, outcome, line) }),
    );
    this.element = el(
      'li',
      { class: 'row', 'data-match': id },
      when,
      el(
        'a',
        { class: 'teams', href: matchPath(id) },
        el('span', { class: 'team' }, name('home'), home.element),
        el('span', { class: 'team' }, name('away'), away.element),
      ),
      ...markets.map((market) => market.element),
    );
    [home, away, ...markets].forEach((part) => this.scope.with(() => part.end()));
    const show = () => {
      const match = client.match(id).get();
      put(this.element, 'data-phase', match?.phase);
      put(when, 'data-silent', match?.feed === 'stale');
      if (match?.phase === 'upcoming') {
        say(first, kickOff(match.start).split(' ').at(-1));
        say(second, dayName(match.start));
      } else {
        const shown = minute(match, Date.now());
        const period = stage(match);
        // Providers tell no clock: the kick-off says more than that it is live, which the mark says already.
        say(first, shown || (period === 'Live' ? kickOff(match?.start).split(' ').at(-1) : period));
        say(second, match?.feed === 'stale' ? 'silent' : shown ? period : '');
      }
    };
    this.scope.follow(client.match(id), show);
    this.scope.with(everySecond(show));
  }

  end() {
    this.scope.end();
  }
}
