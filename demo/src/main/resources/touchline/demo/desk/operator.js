import { el, Keyed, put, say } from '/page/dom.js';
import { createClient } from '/src/index.js';
import { listenToSwitch } from '/page/switch.js';
import { incident, kindOf, marketName, outcomesOf, stage } from '/page/words.js';

const LOOK_MS = 1000;
const PERIODS = ['', 'first_half', 'half_time', 'second_half', 'interrupted', 'penalties'];
const KINDS = ['h2h', 'totals', 'spreads', 'btts'];
const TYPES = ['goal', 'possible_goal', 'penalty', 'red_card', 'var'];

/** @type {Map<string, object>} what each match is, as it left the database last */
const documents = new Map();
const said = document.getElementById('said').appendChild(document.createTextNode(''));
const chip = document.getElementById('standing');
const word = document.getElementById('standing-text').firstChild;
const nothing = document.getElementById('nothing');
const sheets = new Keyed(document.getElementById('matches'), (id) => new Sheet(id));

/** How long everybody else waits for what is ordered here. */
const SEEN_WITHIN_MS = 3000;

/** What everybody sees; made when the page's address is known. */
let everybody = null;

/**
 * Looks where everybody looks, until the match stands elsewhere.
 *
 * @returns {{after: Promise<number | undefined>}} ms from now; undefined when nothing came, as when nothing changed
 */
function watching(match) {
  if (!everybody || match === undefined) {
    return { after: Promise.resolve(undefined) };
  }
  const from = performance.now();
  return {
    after: new Promise((resolve) => {
      const end = everybody.position(match).subscribe(() => done(performance.now() - from));
      const timer = setTimeout(() => done(undefined), SEEN_WITHIN_MS);
      const done = (ms) => {
        end();
        clearTimeout(timer);
        resolve(ms);
      };
    }),
  };
}

/** One order, one transaction. @returns {Promise<{match?: string, tookMs?: number, refusal?: {field: string, message: string, remedy: string}}>} */
async function give(order) {
  try {
    const answer = await fetch('/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(order),
    });
    const told = await answer.json();
    return answer.ok ? told : { refusal: told };
  } catch {
    return { refusal: { field: '', message: 'The demo does not answer.', remedy: 'It may have ended: start it again.' } };
  }
}

/** A form that gives one order, and shows at its field why it was refused. @param {(fields: Record<string, string>) => object} order */
function form(order, ...children) {
  const made = el('form', { novalidate: true }, ...children);
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    send(made, order(Object.fromEntries(new FormData(made, event.submitter))));
  });
  made.addEventListener('input', (event) => {
    event.target.dataset.touched = '';
  });
  return made;
}

async function send(made, order) {
  clear(made);
  const seen = watching(order.match);
  const { refusal, match, tookMs } = await give(order);
  if (refusal) {
    show(made, refusal);
    return;
  }
  for (const field of made.elements) {
    delete field.dataset.touched;
  }
  const committed = `${match}: committed in ${tookMs.toFixed(1)} ms`;
  say(said, committed);
  seen.after.then((ms) => ms !== undefined && say(said, `${committed}, on everybody’s page ${Math.round(ms)} ms after the click`));
  await look();
}

function clear(made) {
  made.querySelector('.wrong')?.remove();
  for (const field of made.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
}

function show(made, { field, message, remedy }) {
  const id = `wrong-${Math.random().toString(36).slice(2)}`;
  made.append(el('p', { class: 'wrong', id, role: 'alert' }, message, ' ', el('span', { class: 'remedy' }, remedy)));
  const wrong = made.elements[field] ?? (field === 'score' ? made.elements.home_score : undefined);
  if (wrong instanceof Element) {
    put(wrong, 'aria-invalid', 'true');
    put(wrong, 'aria-describedby', id);
    wrong.focus();
  }
}

/** Follows the document while nobody is typing there. */
function fill(field, value) {
  if (!('touched' in field.dataset) && field !== document.activeElement && field.value !== String(value)) {
    field.value = String(value);
  }
}

function number(name, label, mode = 'decimal') {
  return el('input', { name, inputmode: mode, autocomplete: 'off', 'aria-label': label });
}

function choice(name, label, values) {
  return el('select', { name, 'aria-label': label }, ...values.map((value) => el('option', { value }, value === '' ? 'no period' : value.replaceAll('_', ' '))));
}

function button(text, attributes = {}) {
  return el('button', { type: 'submit', ...attributes }, text);
}

/** All that can be said of one match. */
class Sheet {
  constructor(id) {
    this.id = id;
    const of = (order) => (fields) => ({ match: id, ...order, ...fields });
    this.title = document.createTextNode('');
    this.state = document.createTextNode('');
    this.home = number('home_score', 'Home score', 'numeric');
    this.away = number('away_score', 'Away score', 'numeric');
    const goal = (side) => {
      const more = el('button', { type: 'button' }, `+1 ${side}`);
      more.addEventListener('click', () => {
        const score = documents.get(id)?.document.score ?? { home: 0, away: 0 };
        send(scores, { do: 'score', match: id, home_score: score.home + (side === 'home'), away_score: score.away + (side === 'away') });
      });
      return more;
    };
    const scores = form(of({ do: 'score' }), this.home, ':', this.away, button('Set score', { class: 'chief' }), goal('home'), goal('away'));
    this.markets = new Keyed(el('div', { class: 'book' }), (key) => this.market(key));
    this.incidents = new Keyed(el('div'), (key) => this.incidentOf(key));
    this.phase = choice('phase', 'Phase', ['upcoming', 'live', 'ended']);
    this.period = choice('period', 'Period', PERIODS);
    this.minute = number('minute', 'Minute', 'numeric');
    this.running = el('input', { type: 'checkbox', name: 'running', value: 'true', class: 'box' });
    this.all = this.switchOf('*');
    this.element = el(
      'section',
      { class: 'sheet', 'data-match': id, 'aria-label': id },
      el('header', {}, el('h2', {}, this.title), el('span', { class: 'id' }, id), el('span', { class: 'state' }, this.state), this.all.element),
      el(
        'div',
        { class: 'parts' },
        el(
          'div',
          { class: 'part' },
          el('h3', {}, 'Score'),
          scores,
          el('h3', {}, 'What happens'),
          form(of({ do: 'incident', state: 'open' }), choice('type', 'Incident', TYPES), choice('side', 'Side', ['home', 'away']), button('Report')),
          this.incidents.parent,
          el('h3', {}, 'Phase and clock'),
          form(of({ do: 'phase' }), this.phase, this.period, button('Set')),
          form((fields) => ({ do: 'clock', match: id, minute: fields.minute, running: fields.running === 'true' }), el('label', {}, 'Minute', this.minute), el('label', {}, this.running, 'runs'), button('Set')),
        ),
        el(
          'div',
          { class: 'part' },
          el('h3', {}, 'Markets'),
          this.markets.parent,
          el(
            'div',
            { class: 'ends' },
            form(of({ do: 'confirm' }), button('Confirm all prices', { title: 'After a goal or a card, prices count again once they are confirmed or set anew' })),
            form(of({ do: 'withdraw' }), button('Withdraw the match', { class: 'stop' })),
          ),
        ),
      ),
    );
  }

  update() {
    const { document: is, rev } = documents.get(this.id);
    const suspended = is.suspend ?? [];
    say(this.title, is.fixture?.home ? `${is.fixture.home} – ${is.fixture.away}` : this.id);
    const words = [stage({ phase: is.phase, period: is.period }) || (is.phase ?? 'a provider’s'), `revision ${rev}`];
    if (suspended.length > 0) {
      words.unshift(`suspended: ${suspended.map((key) => (key === '*' ? 'all markets' : marketName(key))).join(', ')}`);
    }
    say(this.state, words.join(' · '));
    put(this.element, 'data-suspended', suspended.length > 0);
    fill(this.home, is.score?.home ?? '');
    fill(this.away, is.score?.away ?? '');
    fill(this.phase, is.phase ?? 'live');
    fill(this.period, is.period ?? '');
    const clock = is.clock;
    fill(this.minute, clock ? Math.floor((clock.seconds + (clock.running ? (Date.now() - clock.at) / 1000 : 0)) / 60) : '');
    if (!('touched' in this.running.dataset)) {
      this.running.checked = clock?.running ?? true;
    }
    const rank = (key) => `${KINDS.indexOf(kindOf(key)) + 1 || 9}${key}`;
    this.markets.show((is.markets ?? []).map(({ market }) => market).sort((a, b) => (rank(a) < rank(b) ? -1 : 1)));
    this.all.update();
    this.incidents.show((is.incidents ?? []).filter(({ state }) => state === 'open').map(({ id }) => id));
    for (const keyed of [this.markets, this.incidents]) {
      keyed.held.forEach((child) => child.update());
    }
  }

  /** Suspend and resume, of one market or of all. */
  switchOf(key) {
    const name = key === '*' ? 'all markets' : marketName(key);
    const act = button('Suspend');
    return {
      element: form(() => ({ do: act.dataset.act, match: this.id, market: key }), act),
      update: () => {
        const isSuspended = (documents.get(this.id).document.suspend ?? []).includes(key);
        put(act, 'data-act', isSuspended ? 'resume' : 'suspend');
        put(act, 'class', isSuspended ? 'chief' : 'stop');
        put(act, 'aria-label', `${isSuspended ? 'Resume' : 'Suspend'} ${name}`);
        say(act.firstChild, `${isSuspended ? 'Resume' : 'Suspend'}${key === '*' ? ' all' : ''}`);
      },
    };
  }

  /** A market's prices leave together: nobody sees one of them without the others. */
  market(key) {
    const line = number('line', `${marketName(key)}, line`);
    const lined = el('label', {}, 'line', line);
    const prices = new Keyed(el('span', { class: 'prices' }), (outcome) => {
      const price = number(`price_${outcome}`, `${marketName(key)}, ${outcome}`);
      return { element: el('label', {}, outcome, price), update: (value) => fill(price, value), end: () => {} };
    });
    const made = form((fields) => ({ do: 'prices', match: this.id, market: key, ...fields }), lined, prices.parent, button('Set'));
    const trading = this.switchOf(key);
    return {
      element: el('div', { class: 'market-line', 'data-market': key }, el('span', { class: 'called' }, marketName(key)), made, trading.element),
      update: () => {
        const is = documents.get(this.id).document.markets.find(({ market }) => market === key);
        const hasLine = is.line !== undefined || ['totals', 'spreads'].includes(kindOf(key));
        put(lined, 'hidden', !hasLine);
        put(line, 'disabled', !hasLine);
        fill(line, is.line ?? '');
        prices.show(outcomesOf(key, Object.keys(is.prices)).filter((outcome) => outcome in is.prices));
        prices.held.forEach((child, outcome) => child.update(is.prices[outcome]));
        trading.update();
      },
      end: () => prices.end(),
    };
  }

  incidentOf(key) {
    const is = documents.get(this.id).document.incidents.find(({ id }) => id === key);
    const { what } = incident(`${is.type} ${is.state} ${is.at} ${is.side ?? ''}`.trim());
    return {
      element: form(
        (fields) => ({ do: 'decide', match: this.id, id: key, ...fields }),
        el('label', {}, `${what}${is.side ? `, ${is.side}` : ''}`),
        button('Confirm', { name: 'state', value: 'confirmed' }),
        button('Take back', { name: 'state', value: 'cancelled' }),
      ),
      update: () => {},
      end: () => {},
    };
  }

  end() {
    for (const keyed of [this.markets, this.incidents]) {
      keyed.end();
    }
  }
}

function announcing() {
  const input = (name, label, value) => el('label', {}, label, el('input', { name, value, class: 'long', autocomplete: 'off' }));
  const price = (name, label, value) => el('label', {}, label, el('input', { name, value, inputmode: 'decimal', autocomplete: 'off' }));
  document.getElementById('new').append(
    form(
      (fields) => ({ do: 'announce', ...fields }),
      input('home', 'Home', 'Reds'),
      input('away', 'Away', 'Blues'),
      input('league', 'League', 'Operators’ Cup'),
      price('price_home', '1', '1.85'),
      price('price_draw', 'X', '3.4'),
      price('price_away', '2', '4.2'),
      choice('phase', 'Phase', ['live', 'upcoming']),
      button('Announce', { class: 'chief' }),
    ),
  );
}

let looking = Promise.resolve();

/** One after the other: an older answer never comes after a newer one. */
function look() {
  looking = looking.then(async () => {
    try {
      const answer = await fetch('/matches');
      const told = await answer.json();
      if (!answer.ok) {
        throw new Error(told.message);
      }
      documents.clear();
      told.matches.forEach((match) => documents.set(match.id, match));
      sheets.show([...documents.keys()]);
      sheets.held.forEach((sheet) => sheet.update());
      put(nothing, 'hidden', documents.size > 0);
      const page = document.getElementById('page');
      put(page, 'hidden', told.page === '');
      put(page, 'href', told.page);
      if (told.page !== '' && !everybody) {
        everybody = createClient({ url: new URL('/v1/stream', told.page).href });
        everybody.watch({ all: true });
      }
      put(chip, 'data-tone', 'good');
      say(word, 'Database answers');
    } catch (problem) {
      put(chip, 'data-tone', 'bad');
      say(word, 'No answer');
      console.warn(problem);
    }
  });
  return looking;
}

listenToSwitch();
announcing();
look();
setInterval(() => document.visibilityState === 'visible' && look(), LOOK_MS);
