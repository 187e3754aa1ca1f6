import { el, Keyed, put, say, Scope } from './dom.js';
import { leaguePath } from './paths.js';
import { COLUMNS, Row } from './row.js';
import { leagueName, sportName } from './words.js';

const PHASES = { live: 'Live now', upcoming: 'Upcoming', ended: 'Ended' };
const PHASE_ORDER = ['live', 'upcoming', 'ended'];

/** @param {object} client */
export function liveView(client) {
  return new ListView(client, {
    title: 'Live',
    select: { phase: 'live' },
    groupOf: byLeague,
    nothing: ['No match is being played right now. ', el('a', { href: '/upcoming' }, 'Upcoming ones')],
  });
}

/** @param {object} client */
export function upcomingView(client) {
  return new ListView(client, {
    title: 'Upcoming',
    select: { phase: 'upcoming' },
    groupOf: byLeague,
    nothing: ['No match is announced. ', el('a', { href: '/' }, 'Live ones')],
  });
}

/** @param {object} client @param {string} league */
export function leagueView(client, league) {
  return new ListView(client, {
    title: league,
    select: { league },
    groupOf: byPhase,
    nothing: ['No match of this league is live or announced. ', el('a', { href: '/' }, 'Live matches')],
  });
}

/** What the page of a list asks for. */
export function listWish(select) {
  return [select, { markets: COLUMNS }];
}

function byLeague(match) {
  const league = leagueName(match);
  const sport = sportName(match?.sport);
  return { key: `${sport} ${league}`, title: league, note: sport, path: match?.league ? leaguePath(match.league) : '' };
}

function byPhase(match) {
  const phase = match?.phase ?? 'upcoming';
  return { key: `${PHASE_ORDER.indexOf(phase)}`, title: PHASES[phase] ?? phase, note: '', path: '' };
}

/** Matches in groups. A row lives as long as its match is in the same group. */
class ListView {
  constructor(client, { title, select, groupOf, nothing }) {
    this.client = client;
    this.title = title;
    this.groupOf = groupOf;
    this.scope = new Scope();
    this.scope.with(client.watch(...listWish(select)));
    this.list = client.list(select);
    this.count = document.createTextNode('');
    this.body = el('div', { class: 'groups' });
    this.nothing = el('p', { class: 'nothing', hidden: true }, ...nothing);
    this.waiting = el('div', { class: 'waiting', 'aria-hidden': 'true' }, ...Array.from({ length: 8 }, () => el('div')));
    this.element = el(
      'div',
      { class: 'list' },
      el('div', { class: 'head' }, el('h1', { tabindex: '-1' }, title), el('span', { class: 'total' }, this.count)),
      this.waiting,
      this.nothing,
      this.body,
    );
    /** @type {Map<string, {key: string, title: string, note: string, path: string}>} */
    this.groups = new Map();
    this.ids = new Map();
    this.sections = new Keyed(this.body, (key) => this.section(key));
    this.memberships = new Map();
    this.scope.follow(this.list, () => this.arrange());
    this.scope.follow(client.state, () => this.arrange());
    this.scope.with(() => this.sections.end());
    this.scope.with(() => this.memberships.forEach((end) => end()));
  }

  arrange() {
    const ids = this.list.get();
    this.follow(ids);
    this.groups.clear();
    this.ids.clear();
    for (const id of ids) {
      const group = this.groupOf(this.client.match(id).get());
      this.groups.set(group.key, group);
      this.ids.set(group.key, [...(this.ids.get(group.key) ?? []), id]);
    }
    this.keepingFocus(() => {
      this.sections.show([...this.groups.keys()].sort());
      for (const section of this.sections.held.values()) {
        section.arrange();
      }
    });
    const isKnown = this.client.state.get() === 'live' || this.client.state.get() === 'stale';
    put(this.waiting, 'hidden', ids.length > 0 || isKnown);
    put(this.nothing, 'hidden', ids.length > 0 || !isKnown);
    say(this.count, ids.length === 0 ? '' : ids.length === 1 ? '1 match' : `${ids.length} matches`);
  }

  /** What moves within the page loses the focus, and a row whose match changes its group is made anew. @param {() => void} change */
  keepingFocus(change) {
    const focused = document.activeElement;
    const href = this.element.contains(focused) ? focused.getAttribute('href') : null;
    change();
    if (href !== null && document.activeElement !== focused) {
      [...this.element.querySelectorAll('a')].find((link) => link.getAttribute('href') === href)?.focus({ preventScroll: true });
    }
  }

  /** A match may change its league or its phase while it is listed. */
  follow(ids) {
    const wanted = new Set(ids);
    for (const [id, end] of this.memberships) {
      if (!wanted.has(id)) {
        end();
        this.memberships.delete(id);
      }
    }
    for (const id of wanted) {
      if (!this.memberships.has(id)) {
        const node = this.client.match(id);
        let group = this.groupOf(node.get()).key;
        this.memberships.set(
          id,
          node.subscribe(() => {
            const now = this.groupOf(node.get()).key;
            if (now !== group) {
              group = now;
              this.arrange();
            }
          }),
        );
      }
    }
  }

  section(key) {
    const { title, note, path } = this.groups.get(key);
    const rows = el('ul', { class: 'rows', 'aria-label': title });
    const keyed = new Keyed(rows, (id) => new Row(this.client, id));
    const heading = path ? el('a', { href: path }, title) : title;
    return {
      element: el(
        'section',
        { class: 'group' },
        el(
          'div',
          { class: 'bar' },
          el('h2', {}, heading, note ? el('span', { class: 'note' }, note) : ''),
          el('span', { class: 'column', 'data-market': 'h2h', 'aria-hidden': 'true' }, 'Result'),
          el('span', { class: 'column', 'data-market': 'spreads', 'aria-hidden': 'true' }, 'Handicap'),
          el('span', { class: 'column', 'data-market': 'totals', 'aria-hidden': 'true' }, 'Total'),
        ),
        rows,
      ),
      arrange: () => keyed.show(this.ids.get(key) ?? []),
      end: () => keyed.end(),
    };
  }

  end() {
    this.scope.end();
  }
}
