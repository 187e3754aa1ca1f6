import { difference, sumsOf } from './cells.js';

/** Time that stands until a test moves it. */
export class Clock {
  constructor() {
    this.time = 0;
    this.timers = new Set();
    this.now = () => this.time;
    this.after = (ms, run) => {
      const timer = { at: this.time + Math.max(0, ms), run };
      this.timers.add(timer);
      return () => this.timers.delete(timer);
    };
  }

  /** Runs what is due, in order, until so much time has passed. */
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) {
        break;
      }
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = end;
  }
}

/** A relay with all its matches in memory, spoken to over links whose delay and death the test decides. */
export class Relay {
  constructor(clock, random) {
    this.clock = clock;
    this.random = random;
    /** Match to all its states. @type {Map<string, {pos: string, cells: object}[]>} */
    this.matches = new Map();
    this.links = new Set();
    this.late = false;
    this.isDead = false;
    this.spoil = () => undefined;
    this.asked = [];
    const alive = () => {
      this.links.forEach((link) => link.say({ op: 'alive', at: clock.now(), feed: 'up', late: this.late, lagMs: 50 }));
      clock.after(1000, alive);
    };
    alive();
    this.dial = (hears) => this.link(hears);
  }

  link(hears) {
    const link = {
      isOpen: false,
      selections: new Map(),
      held: new Map(),
      send: (text) => this.clock.after(5, () => link.isOpen && this.heard(link, JSON.parse(text))),
      close: () => this.end(link, false),
      say: (message) => {
        const spoilt = this.spoil(message);
        if (!this.isDead && spoilt !== null) {
          const text = JSON.stringify(spoilt ?? message);
          this.clock.after(5, () => link.isOpen && hears.heard(text));
        }
      },
      hears,
    };
    this.clock.after(5, () => {
      if (this.isDead) {
        hears.closed();
      } else {
        link.isOpen = true;
        this.links.add(link);
        hears.opened();
      }
    });
    return link;
  }

  /** @param {boolean} tell the other side hears of it */
  end(link, tell) {
    this.links.delete(link);
    const was = link.isOpen;
    link.isOpen = false;
    if (was && tell) {
      link.hears.closed();
    }
  }

  heard(link, message) {
    if (Array.isArray(message)) {
      message.forEach((one) => this.heard(link, one));
      return;
    }
    this.asked.push(message);
    if (message.op === 'unsub') {
      link.selections.delete(message.id);
      return;
    }
    link.selections.set(message.id, message.select);
    for (const [match, states] of this.matches) {
      const [pos] = message.have?.[match] ?? [];
      const held = states.find((state) => state.pos === pos);
      if (held && held.pos.split('-')[0] === states.at(-1).pos.split('-')[0]) {
        link.held.set(match, held);
        this.push(link, match);
      } else {
        link.held.set(match, states.at(-1));
        link.say(image(match, states.at(-1)));
      }
    }
    link.say({ op: 'ready', id: message.id });
  }

  /** What happens to a match, and is passed on. */
  become(match, pos, cells) {
    if (!this.matches.has(match)) {
      this.matches.set(match, []);
    }
    this.matches.get(match).push({ pos, cells });
    this.links.forEach((link) => link.selections.size > 0 && this.push(link, match));
  }

  push(link, match) {
    const now = this.matches.get(match).at(-1);
    const held = link.held.get(match);
    if (held === now) {
      return;
    }
    link.held.set(match, now);
    if (held && held.pos.split('-')[0] === now.pos.split('-')[0]) {
      link.say({ op: 'patch', match, from: held.pos, pos: now.pos, n: 1, ...difference(held.cells, now.cells) });
    } else {
      link.say(image(match, now));
    }
  }
}

function image(match, state) {
  return { op: 'image', match, pos: state.pos, cells: state.cells, sums: sumsOf(state.cells) };
}
