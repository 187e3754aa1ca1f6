/**
 * Many clients in one process, before relays that another process runs and breaks. Watches come and go at random until it is
 * told to be calm. Told by lines on standard input; says one JSON line for each question, and `ready` at first.
 *
 *     node --experimental-websocket support/fleet.js SEED CLIENTS URL
 *
 * `calm`: from here on nobody asks for anything else. `held`: who asks for what, and what everybody holds. `said CLIENT MATCH`:
 * the last that went between a client and its relays about a match.
 */
import { createInterface } from 'node:readline';
import { createClient } from '../src/index.js';
import { random } from './cells.js';

const STEP_MS = 15;
const LINGER_MS = 150;
const SAID_MAX = 4000;
/** So many of a client's watches at once, at most. */
const WATCHES_MAX = 4;

const [seed, count, url] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const next = random(seed);
const one = (things) => things[Math.floor(next() * things.length)];
const match = () => `m:${Math.floor(next() * 40)}`;

const SELECTS = [
  () => ({ all: true }),
  () => ({ phase: 'live' }),
  () => ({ phase: 'upcoming' }),
  () => ({ league: one(['epl', 'laliga']) }),
  () => ({ match: [match(), match(), match()] }),
];
const MARKETS = [undefined, ['h2h'], ['totals'], ['btts'], ['h2h', 'btts'], ['totals:3.5', 'btts']];
const WAYS = [['websocket'], ['websocket', 'sse'], ['websocket'], ['sse']];

class Guest {
  constructor(number) {
    this.problems = 0;
    this.said = [];
    this.releases = [];
    this.client = createClient({
      url,
      transports: WAYS[number % WAYS.length],
      linger: LINGER_MS,
      random: next,
      onProblem: (problem) => {
        this.problems++;
        this.note('problem', problem.message);
      },
    });
    const { connection, store } = this.client;
    const { dial, take } = connection;
    connection.dial = (hears) => {
      this.note('dials', '');
      const link = dial({
        ...hears,
        closed: (code) => {
          this.note('lost', String(code));
          hears.closed(code);
        },
      });
      const { send } = link;
      link.send = (text) => {
        this.note('says', text);
        send(text);
      };
      return link;
    };
    connection.take = (message) => {
      this.note(`hears at ${message.match && store.position(message.match)}`, JSON.stringify(message));
      take.call(connection, message);
    };
    this.watch();
  }

  note(how, text) {
    this.said.push(`${Math.round(performance.now())} ${how} ${text}`);
    if (this.said.length > SAID_MAX) {
      this.said.splice(0, SAID_MAX / 2);
    }
  }

  watch() {
    if (this.releases.length < WATCHES_MAX) {
      this.releases.push(this.client.watch(one(SELECTS)(), { markets: one(MARKETS), rate: one([0, 0, 50, 300]) }));
    }
  }

  step() {
    const dice = next();
    if (dice < 0.45) {
      this.watch();
    } else if (dice < 0.85) {
      this.releases.splice(Math.floor(next() * this.releases.length), 1)[0]?.();
    } else if (dice < 0.95) {
      this.client.prefetch(one(SELECTS)(), { markets: one(MARKETS) });
    } else {
      this.client.connection.wake();
    }
  }

  held() {
    const { client, problems } = this;
    const { connection, store } = client;
    return {
      state: connection.state,
      problems,
      wants: [...connection.subscriptions.all.values()].map(({ select, markets = null }) => ({ select, markets })),
      matches: Object.fromEntries(
        [...store.held].map(([id, { position, groups }]) => [
          id,
          {
            at: position,
            gone: store.left.has(id),
            cells: Object.fromEntries(
              [...groups].flatMap(([group, { cells }]) => [...cells].map(([field, value]) => [`${group}/${field}`, String(value)])),
            ),
          },
        ]),
      ),
    };
  }
}

const guests = Array.from({ length: count }, (_, number) => new Guest(number));
const steps = setInterval(() => one(guests).step(), STEP_MS);
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [word, client, about] = line.split(' ');
    if (word === 'calm') {
      clearInterval(steps);
      guests.forEach((guest) => guest.releases.length || guest.watch());
      // What was let go lingers for a while.
      setTimeout(() => say('calm'), 2 * LINGER_MS);
    } else if (word === 'held') {
      say(guests.map((guest) => guest.held()));
    } else if (word === 'said') {
      const isOf = (text) => !text.includes('"match":') || text.includes(`"${about}"`) || / says | dials | lost /.test(text);
      say(guests[client].said.filter((text) => isOf(text) && !text.includes('"alive"')).slice(-80));
    }
  })
  .on('close', () => process.exit(0));
say('ready');
