import { el, Keyed, put, say, Scope } from './dom.js';
import { Market } from './market.js';
import { leaguePath, matchPath } from './paths.js';
import { Score } from './row.js';
import { everySecond } from './ticks.js';
import { dayName, incident, kickOff, kindOf, leagueName, marketName, minute, outcomeLong, sportName, stage } from './words.js';

const KINDS = ['h2h', 'h2h_3_way', 'draw_no_bet', 'totals', 'spreads', 'btts'];

/** What the page of a match asks for: all of it. */
export function matchWish(id) {
  return [{ match: [id] }, {}];
}

/** One match: score, clock, every market, and what has happened. */
export class MatchView {
  /** @param {object} client @param {string} id */
  constructor(client, id) {
    this.client = client;
    this.id = id;
    this.scope = new Scope();
    this.scope.with(client.watch(...matchWish(id)));
    this.node = client.match(id);
    this.list = client.list({ match: [id] });
    this.league = el('a', { class: 'crumb', href: '/' }, this.scope.text(this.node, (match) => (match ? leagueName(match) : '')));
    this.sport = this.scope.text(this.node, (match) => sportName(match?.sport));
    this.when = document.createTextNode('');
    this.why = document.createTextNode('');
    this.onward = el('a', { href: '/', hidden: true }, 'Live matches');
    this.nothing = el('p', { class: 'nothing', hidden: true }, this.why, ' ', this.onward);
    this.moved = el('p', { class: 'nothing', hidden: true }, 'This match goes on under another id: ', el('a', { href: '/' }, 'follow it'), '.');
    this.cards = el('div', { class: 'cards' });
    this.happened = el('ol', { class: 'incidents' });
    this.aside = el('section', { class: 'card happened', hidden: true }, el('h2', {}, 'What happened'), this.happened);
    this.board = this.scoreboard();
    this.element = el(
      'div',
      { class: 'one' },
      el('p', { class: 'crumbs' }, this.league, el('span', {}, this.sport)),
      this.board,
      this.moved,
      this.nothing,
      el('div', { class: 'columns' }, this.cards, this.aside),
    );
    this.kinds = new Keyed(this.cards, (kind) => this.card(kind));
    this.incidents = new Keyed(this.happened, (text) => this.incident(text));
    this.scope.follow(this.node, (match) => this.show(match));
    this.scope.follow(client.state, () => this.show(this.node.get()));
    this.scope.with(everySecond(() => this.tick()));
    this.scope.with(() => this.kinds.end());
    this.scope.with(() => this.incidents.end());
  }

  get title() {
    const match = this.node.get();
    return match?.home === undefined ? 'Match' : `${match.home} – ${match.away}`;
  }

  scoreboard() {
    const home = new Score(this.client, this.id, 'match/home_score');
    const away = new Score(this.client, this.id, 'match/away_score');
    this.scope.with(() => home.end());
    this.scope.with(() => away.end());
    const name = (side) =>
      el('span', { class: `side ${side}` }, this.scope.text(this.client.cell(this.id, `match/${side}`), (text) => text ?? ''));
    this.stand = el('span', { class: 'stand' }, home.element, el('span', { class: 'colon', 'aria-hidden': 'true' }, ':'), away.element);
    this.whenElement = el('p', { class: 'clock' }, this.when);
    return el(
      'div',
      { class: 'board' },
      el('h1', { class: 'sides', tabindex: '-1' }, name('home'), this.stand, name('away')),
      this.whenElement,
    );
  }

  show(match) {
    const isKnown = this.client.state.get() === 'live' || this.client.state.get() === 'stale';
    put(this.league, 'href', match?.league ? leaguePath(match.league) : '/');
    put(this.stand, 'data-none', match?.home_score === undefined);
    put(this.element, 'data-phase', match?.phase);
    const to = match?.gone?.to ?? match?.moved_to;
    put(this.moved, 'hidden', to === undefined);
    if (to !== undefined) {
      put(this.moved.querySelector('a'), 'href', matchPath(to));
    }
    put(this.board, 'hidden', match?.home === undefined);
    put(this.nothing, 'hidden', match?.home !== undefined || to !== undefined);
    if (match?.home === undefined) {
      say(this.why, isKnown ? 'There is no such match, or it has ended and is gone.' : 'Loading');
      put(this.onward, 'hidden', !isKnown);
    }
    this.keys = match?.phase === 'ended' ? [] : (match?.markets ?? []);
    const kinds = [...new Set(this.keys.map(kindOf))];
    const rank = (kind) => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
    this.kinds.show(kinds.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)));
    for (const card of this.kinds.held.values()) {
      card.arrange();
    }
    const texts = [...(match?.incidents ?? [])].sort((a, b) => incident(b).at - incident(a).at);
    put(this.aside, 'hidden', texts.length === 0);
    this.incidents.show(texts.slice(0, 30));
    this.tick();
  }

  tick() {
    const match = this.node.get();
    if (match === undefined) {
      return;
    }
    const parts =
      match.phase === 'upcoming'
        ? [`${dayName(match.start)}, ${kickOff(match.start).split(' ').at(-1)}`]
        : [since(match), minute(match, Date.now())];
    if (match.feed === 'stale') {
      parts.push('source silent');
    }
    say(this.when, parts.filter(Boolean).join(' · '));
    put(this.whenElement, 'data-silent', match.feed === 'stale');
  }

  card(kind) {
    const rows = el('div', { class: 'lines' });
    const keyed = new Keyed(rows, (key) => {
      const match = () => this.node.get();
      return new Market(this.client, this.id, key, {
        name: key.includes(':') ? `${marketName(key)} ${key.split(':')[1]}` : marketName(key),
        label: (outcome, line) => outcomeLong(key, outcome, line, match()?.home ?? 'Home', match()?.away ?? 'Away'),
        whole: true,
      });
    });
    return {
      element: el('section', { class: 'card', 'data-kind': kind }, el('h2', {}, marketName(kind)), rows),
      arrange: () => keyed.show(this.keys.filter((key) => kindOf(key) === kind).sort(byLine)),
      end: () => keyed.end(),
    };
  }

  incident(text) {
    const { type, state, what, team, after, at } = incident(text, this.node.get());
    return {
      element: el(
        'li',
        { 'data-type': type, 'data-state': state },
        el('span', { class: 'at' }, new Date(at).toLocaleTimeString('en-GB')),
        el('span', { class: 'what' }, what),
        el('span', { class: 'team' }, team),
        after ? el('span', { class: 'after' }, after) : '',
      ),
      end: () => {},
    };
  }

  end() {
    this.scope.end();
  }
}

/** Providers tell neither period nor clock: since when it is played says something. */
function since(match) {
  const now = stage(match);
  return now === 'Live' && match.start !== undefined ? `Live since ${kickOff(match.start)}` : now;
}

/** The main line first, then the others from the lowest. */
function byLine(a, b) {
  return Number(a.split(':')[1] ?? -Infinity) - Number(b.split(':')[1] ?? -Infinity);
}
