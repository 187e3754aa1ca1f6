import { el, Keyed, put, say, Scope } from './dom.js';
import { leaguePath } from './paths.js';
import { sportName } from './words.js';

const LIVE = { phase: 'live' };
const UPCOMING = { phase: 'upcoming' };

/** The leagues that have matches, by sport, each with how many are live; and the counts of the tabs. */
export class Rail {
  constructor(client) {
    this.client = client;
    this.scope = new Scope();
    /** @type {Map<string, {sport: string, league: string, live: number, all: number}>} */
    this.leagues = new Map();
    const place = document.getElementById('rail');
    this.entries = new Keyed(place, (key) => this.entry(key));
    this.live = document.getElementById('count-live').appendChild(document.createTextNode(''));
    this.upcoming = document.getElementById('count-upcoming').appendChild(document.createTextNode(''));
    this.scope.follow(client.list(LIVE), () => this.arrange());
    this.scope.follow(client.list(UPCOMING), () => this.arrange());
  }

  arrange() {
    this.leagues.clear();
    const live = this.client.list(LIVE).get();
    const upcoming = this.client.list(UPCOMING).get();
    for (const [ids, count] of [[live, 1], [upcoming, 0]]) {
      for (const id of ids) {
        const match = this.client.match(id).get();
        if (match?.league !== undefined) {
          const sport = sportName(match.sport);
          const key = `${sport} ${match.league}`;
          const found = this.leagues.get(key) ?? { sport, league: match.league, live: 0, all: 0 };
          this.leagues.set(key, { ...found, live: found.live + count, all: found.all + 1 });
        }
      }
    }
    const sports = new Set([...this.leagues.values()].map(({ sport }) => sport));
    this.entries.show([...[...sports].map((sport) => `${sport} `), ...this.leagues.keys()].sort());
    for (const entry of this.entries.held.values()) {
      entry.arrange();
    }
    say(this.live, live.length ? String(live.length) : '');
    say(this.upcoming, upcoming.length ? String(upcoming.length) : '');
  }

  entry(key) {
    if (key.endsWith(' ')) {
      return { element: el('h2', {}, key.trim()), arrange: () => {}, end: () => {} };
    }
    const { league } = this.leagues.get(key);
    const count = document.createTextNode('');
    const badge = el('span', { class: 'count' }, count);
    return {
      element: el('a', { href: leaguePath(league) }, el('span', { class: 'name' }, league), badge),
      arrange: () => {
        const { live, all } = this.leagues.get(key);
        say(count, String(live || all));
        put(badge, 'data-live', live > 0);
        put(badge, 'aria-label', live > 0 ? `${live} live` : `${all} upcoming`);
      },
      end: () => {},
    };
  }

  /** @param {string} path the page that is shown now */
  current(path) {
    for (const link of document.querySelectorAll('.rail a, .tabs a')) {
      put(link, 'aria-current', link.pathname === path && !link.target ? 'page' : false);
    }
  }
}
