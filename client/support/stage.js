import { difference, sumsOf } from './cells.js';

/** Time that stands until a test moves it. */
export class Clock {
  constructor() {
    this.time = 0;
    this.timers = new Set();
    this.now = () => this.time;
    this.wall = () => 1_700_000_000_000 + this.time;
    this.after = (ms, run) => {
      const timer = { at: this.time + Math.max(0, ms), run };
      this.timers.add(timer);
      return () => this.timers.delete(timer);
    };
  }

  /** Runs what is due, in order, until so much time has passed. */
  pass(ms) {
    const end = this.time + ms;
    while (this.step(end)) {
      // One after another.
    }
    this.time = end;
  }

  /** The same where promises are in play: what waits for one goes on before the next timer. */
  async play(ms) {
    const end = this.time + ms;
    do {
      await new Promise(setImmediate);
    } while (this.step(end));
    this.time = end;
  }

  step(end) {
    let due;
    for (const timer of this.timers) {
      if (timer.at <= end && (!due || timer.at < due.at)) {
        due = timer;
      }
    }
    if (due) {
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    return due !== undefined;
  }

  /** The machine sleeps: time goes on, and nothing happens. */
  sleep(ms) {
    this.time += ms;
  }
}

/**
 * A relay with all its matches in memory, spoken to over links whose delay and death the test decides. Sends a match under the
 * columns that its subscriptions want together, as the protocol says, and keeps what it has heard.
 */
export class Relay {
  constructor(clock, random) {
    this.clock = clock;
    this.random = random;
    /** Match to all its states. @type {Map<string, {pos: string, cells: object}[]>} */
    this.matches = new Map();
    /** How many of them this relay has seen. @type {Map<string, number>} */
    this.seen = new Map();
    this.links = new Set();
    this.late = false;
    this.lagMs = 50;
    /** When it last told anybody that all is current. */
    this.vouchedAt = -Infinity;
    this.behind = undefined;
    this.isDead = false;
    this.isFrozen = false;
    /** Ways that lead nowhere: `websocket`, `sse`. */
    this.blocked = new Set();
    /** What a link takes from one side to the other, ms. */
    this.delay = () => 5;
    /** And what a word takes besides on its way to the client: what is on its way already is not overtaken. */
    this.down = 0;
    /** What this relay takes for the time. */
    this.wall = () => 1_700_000_000_000 + clock.now();
    /** Messages that were said and not yet heard. */
    this.underWay = 0;
    this.spoil = () => undefined;
    this.refuse = () => undefined;
    this.asked = [];
    this.tokens = [];
    const alive = () => {
      this.links.forEach((link) => link.say(this.alive(link)));
      clock.after(1000, alive);
    };
    alive();
    this.dial = (hears) => this.link(hears);
    this.WebSocket = socketTo(this);
    this.fetch = (url, request) => answerOf(this, url, request);
  }

  alive(link, id) {
    const isPassed = [...link.sent].some(([match, { state }]) => this.isBefore(match, state));
    const late = this.late || isPassed;
    this.vouchedAt = late || this.isDead ? this.vouchedAt : this.clock.now();
    return { op: 'alive', id, at: this.wall(), feed: 'up', late, lagMs: this.lagMs, ...(this.behind && { behind: this.behind }) };
  }

  link(hears, way) {
    const delay = this.delay();
    const link = {
      isOpen: false,
      subscriptions: new Map(),
      /** Match to what was sent of it last: a state, under columns. */
      sent: new Map(),
      heardAt: 0,
      send: (text) => this.clock.after(delay, () => link.isOpen && this.heard(link, JSON.parse(text))),
      close: () => {
        link.isClosed = true;
        this.end(link, false);
      },
      say: (message) => {
        const spoilt = this.spoil(message);
        if (!this.isDead && spoilt !== null) {
          const text = JSON.stringify(spoilt ?? message);
          this.underWay++;
          link.heardAt = Math.max(link.heardAt, this.clock.now() + delay + this.down);
          this.clock.after(link.heardAt - this.clock.now(), () => {
            this.underWay--;
            if (link.isOpen) {
              hears.heard(text);
            }
          });
        }
      },
      hears,
    };
    this.clock.after(5, () => {
      if (link.isClosed) {
        return;
      }
      if (this.isDead || this.blocked.has(way)) {
        hears.closed(1006);
      } else {
        link.isOpen = true;
        this.links.add(link);
        hears.opened();
      }
    });
    return link;
  }

  /** @param {boolean} tell the other side hears of it */
  end(link, tell, code = 1006) {
    this.links.delete(link);
    const was = link.isOpen;
    link.isOpen = false;
    if (was && tell) {
      link.hears.closed(code);
    }
  }

  heard(link, message) {
    const asked = [];
    for (const one of [message].flat()) {
      this.asked.push(one);
      if (one.op === 'ping') {
        this.answer(link, asked.splice(0));
        link.say(this.alive(link, one.id));
      } else if (one.op === 'auth') {
        this.tokens.push(one.token);
      } else if (one.op === 'unsub') {
        link.subscriptions.delete(one.id);
        this.push(link);
      } else {
        asked.push(one);
      }
    }
    this.answer(link, asked);
  }

  /** Subscriptions that were made together. */
  answer(link, asked) {
    const accepted = asked.filter((one) => {
      const refusal = this.refuse(one);
      if (refusal) {
        link.say({ op: 'error', id: one.id, ...refusal });
      } else {
        link.subscriptions.set(one.id, one);
      }
      return !refusal;
    });
    for (const { have } of accepted) {
      Object.entries(have).forEach(([match, claimed]) => this.matches.has(match) && this.claim(link, match, claimed));
    }
    this.push(link);
    accepted.forEach(({ id }) => link.say({ op: 'ready', id }));
  }

  /** What the link was sent counts, unless the client says that it does not hold it; of the rest, what it claims. */
  claim(link, match, claimed) {
    if (!claimed) {
      link.sent.delete(match);
    } else if (!link.sent.has(match)) {
      const [pos, columns] = claimed;
      const state = this.matches.get(match).find((one) => one.pos === pos);
      if (state) {
        link.sent.set(match, { state, columns });
      }
    }
  }

  now(match) {
    return this.matches.get(match)[this.seen.get(match) - 1];
  }

  /** Does this relay stand before what the client holds? */
  isBefore(match, state) {
    const states = this.matches.get(match);
    return states.indexOf(state) >= this.seen.get(match);
  }

  /** What happens to a match, and is passed on. */
  become(match, pos, cells) {
    if (!this.matches.has(match)) {
      this.matches.set(match, []);
      this.seen.set(match, 1);
    }
    this.matches.get(match).push({ pos, cells });
    if (!this.isFrozen) {
      this.catchUp();
    }
  }

  catchUp() {
    this.isFrozen = false;
    this.matches.forEach((states, match) => this.seen.set(match, states.length));
    this.links.forEach((link) => this.push(link));
  }

  /** Another relay, which is some updates behind, and stays there. */
  fallBack(updates) {
    this.isFrozen = true;
    this.matches.forEach((states, match) => this.seen.set(match, Math.max(1, states.length - updates)));
    [...this.links].forEach((link) => this.end(link, true));
  }

  push(link) {
    for (const match of this.matches.keys()) {
      this.pushMatch(link, match);
    }
  }

  pushMatch(link, match) {
    const now = this.now(match);
    const sent = link.sent.get(match);
    const naming = [...link.subscriptions.values()].filter(({ select }) => names(select, match, now));
    if (naming.length === 0) {
      if (sent) {
        link.sent.delete(match);
        link.say({ op: 'gone', match, pos: now.pos, why: 'left' });
      }
      return;
    }
    const columns = naming.some(({ markets }) => !markets) ? undefined : [...new Set(naming.flatMap(({ markets }) => markets))].sort();
    if (sent && this.isBefore(match, sent.state)) {
      // Nobody is taken back.
      sent.columns = JSON.stringify(columns) === JSON.stringify(sent.columns) ? columns : 'others';
      return;
    }
    const isSame = sent && JSON.stringify(columns) === JSON.stringify(sent.columns);
    const after = project(now.cells, columns);
    if (isSame && sent.state.pos.split('-')[0] === now.pos.split('-')[0]) {
      if (sent.state !== now) {
        link.say({ op: 'patch', match, from: sent.state.pos, pos: now.pos, n: 1, ...difference(project(sent.state.cells, columns), after) });
      }
    } else {
      link.say({ op: 'image', match, pos: now.pos, cells: after, sums: sumsOf(after) });
    }
    link.sent.set(match, { state: now, columns });
  }
}

function names(select, match, { cells }) {
  return select.match ? select.match.includes(match) : select.all || select.phase === cells['match/phase'];
}

function isIn(cell, columns) {
  const [group] = cell.split('/');
  return group === 'match' || group === 'incidents' || covers(columns, group);
}

/** `totals` stands for `totals:3.5` too. */
export function covers(columns, market) {
  return !columns || columns.some((column) => market === column || market.startsWith(`${column}:`));
}

export function project(cells, columns) {
  return Object.fromEntries(Object.entries(cells).filter(([cell]) => isIn(cell, columns)));
}

/** A browser's WebSocket, as far as it is used. */
function socketTo(relay) {
  return class {
    constructor(url, protocols) {
      relay.dialled?.(url, protocols);
      const hears = {
        opened: () => this.onopen(),
        heard: (data) => this.onmessage({ data }),
        closed: (code) => this.onclose({ code }),
      };
      this.link = relay.link(hears, 'websocket');
    }

    send(text) {
      this.link.send(text);
    }

    close() {
      this.link.close();
    }
  };
}

/** A browser's fetch, as far as it is used: an answer that goes on. */
function answerOf(relay, url, { headers, body, signal }) {
  relay.dialled?.(url, headers);
  return new Promise((resolve, reject) => {
    const chunks = [];
    let wake = () => {};
    let failed = false;
    const fail = () => {
      failed = true;
      reject(new TypeError('network'));
      wake();
    };
    const read = async () => {
      while (chunks.length === 0 && !failed) {
        await new Promise((go) => (wake = go));
      }
      if (failed) {
        throw new TypeError('network');
      }
      return { done: false, value: chunks.shift() };
    };
    const link = relay.link(
      {
        opened() {
          relay.heard(link, JSON.parse(body));
          resolve({ ok: true, body: { getReader: () => ({ read }) } });
        },
        heard(text) {
          const bytes = new TextEncoder().encode(`: a comment\r\ndata: ${text}\n\n`);
          const cut = Math.floor(relay.random() * bytes.length);
          chunks.push(bytes.slice(0, cut), bytes.slice(cut));
          wake();
        },
        closed: fail,
      },
      'sse',
    );
    signal.addEventListener('abort', () => {
      link.close();
      fail();
    });
  });
}
