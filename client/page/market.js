import { el, icon, put, say, Scope } from './dom.js';
import { chiefReason, outcomesOf, price, whyLong, whyShort } from './words.js';

const LOCK = 'M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3.5 7h9v6.5h-9z';

/** One price and what it is for. Its elements stay; only texts and attributes change. */
class Price {
  constructor() {
    this.name = document.createTextNode('');
    this.line = document.createTextNode('');
    this.text = document.createTextNode('–');
    this.value = undefined;
    this.turn = 0;
    this.element = el(
      'span',
      { class: 'price' },
      el('span', { class: 'outcome' }, el('span', { class: 'name' }, this.name), el('span', { class: 'line' }, this.line)),
      el('span', { class: 'value' }, this.text),
    );
    this.element.addEventListener('animationend', () => put(this.element, 'data-move', false));
  }

  show([name, line = ''], value, isOpen) {
    say(this.name, name);
    say(this.line, line);
    say(this.text, price(value));
    put(this.element, 'data-none', value === undefined);
    if (value !== undefined && this.value !== undefined && value !== this.value && isOpen) {
      // Two names in turn: the mark starts anew when the next move comes while the last one fades.
      this.turn = 1 - this.turn;
      put(this.element, 'data-move', `${Number(value) > Number(this.value) ? 'up' : 'down'}${this.turn}`);
    } else if (!isOpen) {
      put(this.element, 'data-move', false);
    }
    this.value = value ?? this.value;
  }
}

/**
 * One market of a match: its prices side by side, or a lock with the reason where they are not to be had. A market that
 * is not there shows dashes, so that nothing beside it moves when it comes.
 */
export class Market {
  /**
   * @param {object} client
   * @param {string} match
   * @param {string} key
   * @param {object} how
   * @param {string} how.name for those who hear the page
   * @param {(outcome: string, line?: number) => string[]} how.label what a price is for: a name, and a line that is never cut off
   * @param {boolean} [how.whole] the whole reason instead of a short one
   */
  constructor(client, match, key, { name, label, whole = false }) {
    this.key = key;
    this.label = label;
    this.whole = whole;
    this.scope = new Scope();
    /** @type {Map<string, Price>} */
    this.prices = new Map();
    this.why = document.createTextNode('');
    this.lock = el('span', { class: 'lock' }, icon(LOCK), el('span', { class: 'why' }, this.why));
    this.element = el('div', { class: 'market', role: 'group', 'aria-label': name, 'data-market': key }, this.lock);
    this.scope.follow(client.market(match, key), (market) => this.show(market));
  }

  show(market) {
    const isOpen = market?.status === 'open';
    for (const outcome of outcomesOf(this.key, Object.keys(market?.prices ?? {}))) {
      const made = this.prices.get(outcome) ?? this.add(outcome);
      const value = market?.prices[outcome];
      made.show(this.label(outcome, market?.line), value, isOpen);
      // Two-way sports have no draw; an outcome nobody prices now keeps its place.
      put(made.element, 'hidden', outcome === 'draw' && value === undefined);
    }
    put(this.element, 'data-status', market === undefined ? 'none' : market.status);
    if (market !== undefined && !isOpen) {
      say(this.why, this.whole ? whyLong(market.reasons) : whyShort(market.reasons));
      put(this.lock, 'title', whyLong(market.reasons));
      put(this.element, 'data-late', chiefReason(market.reasons) === 'late');
    } else {
      say(this.why, '');
      put(this.lock, 'title', false);
      put(this.element, 'data-late', false);
    }
  }

  add(outcome) {
    const made = new Price();
    made.element.dataset.outcome = outcome;
    this.prices.set(outcome, made);
    this.element.insertBefore(made.element, this.lock);
    return made;
  }

  end() {
    this.scope.end();
  }
}
