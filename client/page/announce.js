import { say, Scope } from './dom.js';

/** At most this often, and of so many matches at once: more would be noise to those who listen. The others wait for their turn. */
const EVERY_MS = 4000;
const MOST = 3;

/** Speaks the scores that change in what is shown, politely and not one by one. */
export class Announcer {
  constructor(client) {
    this.client = client;
    this.text = document.getElementById('scores').appendChild(document.createTextNode(''));
    this.changed = new Set();
    this.page = new Scope();
    this.scope = new Scope();
    this.timer = 0;
  }

  /** @param {object | undefined} list the node that tells which matches are on the page */
  listenTo(list) {
    this.page.end();
    this.scope.end();
    this.changed.clear();
    if (list) {
      this.page.follow(list, (matches) => this.listen(matches));
    }
  }

  listen(matches) {
    this.scope.end();
    const shown = new Set(matches);
    this.changed.forEach((match) => shown.has(match) || this.changed.delete(match));
    for (const match of matches) {
      for (const side of ['home', 'away']) {
        const node = this.client.cell(match, `match/${side}_score`);
        let before = node.get();
        this.scope.with(
          node.subscribe(() => {
            const now = node.get();
            if (before !== undefined && now !== undefined) {
              this.changed.add(match);
              this.timer ||= setTimeout(() => this.speak(), EVERY_MS);
            }
            before = now;
          }),
        );
      }
    }
  }

  speak() {
    this.timer = 0;
    if (this.changed.size === 0) {
      return;
    }
    const lines = [...this.changed].slice(0, MOST).map((id) => {
      this.changed.delete(id);
      const match = this.client.match(id).get();
      return `${match?.home} ${match?.home_score}, ${match?.away} ${match?.away_score}`;
    });
    say(this.text, lines.join('. '));
    if (this.changed.size > 0) {
      this.timer = setTimeout(() => this.speak(), EVERY_MS);
    }
  }
}
