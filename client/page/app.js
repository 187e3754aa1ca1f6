import { createClient } from '../src/index.js';
import { Announcer } from './announce.js';
import { el, Scope } from './dom.js';
import { leagueView, listWish, liveView, upcomingView } from './lists.js';
import { MatchView, matchWish } from './match.js';
import { Rail } from './rail.js';
import { Router } from './router.js';
import { Figures, showStanding } from './status.js';
import { listenToSwitch } from './switch.js';

/** One store under all pages: going from one to another asks only for what is not held yet. */
const client = createClient({ url: '/v1/stream', onProblem: (problem) => console.warn(problem) });

/** What a page will ask for, so that a link that is pointed at can ask before it is followed. */
function wishOf({ name, key }) {
  switch (name) {
    case 'live':
    case 'upcoming':
      return listWish({ phase: name });
    case 'league':
      return listWish({ league: key });
    case 'match':
      return matchWish(key);
    default:
      return null;
  }
}

/** A prefetch is held for so long, ms; a pointer that wanders over all links shall not ask for all matches. */
const PREFETCHED_MS = 30_000;
const PREFETCHED_MAX = 16;
const prefetched = [];

function prefetch(route) {
  const wish = wishOf(route);
  const now = performance.now();
  while (prefetched.length > 0 && now - prefetched[0] > PREFETCHED_MS) {
    prefetched.shift();
  }
  if (wish && prefetched.length < PREFETCHED_MAX) {
    prefetched.push(now);
    client.prefetch(...wish);
  }
}

function viewOf({ name, key }) {
  switch (name) {
    case 'live':
      return liveView(client);
    case 'upcoming':
      return upcomingView(client);
    case 'league':
      return leagueView(client, key);
    case 'match':
      return new MatchView(client, key);
    default:
      return nowhere();
  }
}

function nowhere() {
  return {
    title: 'Not found',
    element: el('div', { class: 'list' }, el('h1', { tabindex: '-1' }, 'Not found'), el('p', { class: 'nothing' }, 'There is no page here. ', el('a', { href: '/' }, 'Live matches'))),
    end: () => {},
  };
}

showStanding(client);
listenToSwitch();
const rail = new Rail(client);
const figures = new Figures(client);
const announcer = new Announcer(client);

/** The demo tells by the address where its operator page is: a port of this machine, nothing else. */
const operator = /^#operator=(\d{1,5})$/.exec(location.hash)?.[1] ?? sessionStorage.getItem('operator');
if (operator && ['127.0.0.1', 'localhost'].includes(location.hostname)) {
  sessionStorage.setItem('operator', operator);
  const link = document.getElementById('operator');
  link.href = `http://${location.hostname}:${operator}/`;
  link.hidden = false;
  history.replaceState(history.state, '', location.pathname);
}

const shown = new Scope();
const router = new Router(
  document.getElementById('main'),
  viewOf,
  prefetch,
  (path, view) => {
    shown.end();
    document.title = `${view.title} · Touchline`;
    rail.current(path);
    figures.speakOf(undefined);
    announcer.listenTo(view.list);
    if (view.list) {
      shown.follow(view.list, (matches) => {
        document.title = `${view.title} · Touchline`;
        figures.speakOfAny(matches);
      });
    }
  },
);
router.start();
// Both lists are held while the page is open: the tabs know their counts, and the other one is there at once.
client.watch(...listWish({ phase: 'live' }));
client.watch(...listWish({ phase: 'upcoming' }));
