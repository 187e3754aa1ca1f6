/** A way that never came to a word this often is left for the next one; one that has worked before is given more patience. */
const TRIES = 3;
const PATIENCE = 30;
/** While another way serves, the first one is tried beside it after this long, ms; the pause doubles up to the last. */
const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 16 * FIRST_PROBE_MS;
/** A way that has not come to a word for this long will not, ms. */
const PROBE_MS = 8000;

/**
 * Several ways to dial a relay as one: the first that comes to a word, and back to the first of all as soon as it does again.
 *
 * @param {{name: string, dial: Function}[]} ways
 * @param {{after(ms: number, run: () => void): () => void}} clock
 * @param {(name: string | null) => void} onWay hears which of them serves
 */
export function firstThatWorks(ways, clock, onWay = () => {}) {
  let at = 0;
  let failures = 0;
  let worked = false;

  const failed = () => {
    const limit = at > 0 ? 1 : worked ? PATIENCE : TRIES;
    if (++failures >= limit) {
      failures = 0;
      at = (at + 1) % ways.length;
    }
  };

  /** Asks the first way for a word, again and again, until one has come; then its link is taken. */
  const probe = (take) => {
    let pause = FIRST_PROBE_MS;
    let end = () => {};
    const wait = () => {
      end();
      end = clock.after(pause, ask);
      pause = Math.min(pause * 2, LAST_PROBE_MS);
    };
    const ask = () => {
      let hears = null;
      const cancel = clock.after(PROBE_MS, wait);
      const link = ways[0].dial({
        opened: () => link.send('{"op":"ping"}'),
        heard(text) {
          if (hears) {
            hears.heard(text);
          } else {
            cancel();
            hears = take(link);
          }
        },
        closed: (code) => (hears ? hears.closed(code) : wait()),
      });
      end = () => {
        cancel();
        link.close();
      };
    };
    wait();
    return () => end();
  };

  return {
    dial(hears) {
      let spoke = false;
      let ended = false;
      let endProbe = () => {};
      const end = () => {
        if (!ended) {
          ended = true;
          endProbe();
          onWay(null);
          if (!spoke) {
            failed();
          }
        }
      };
      const through = {
        opened: hears.opened,
        heard(text) {
          if (!spoke) {
            spoke = true;
            serves();
          }
          hears.heard(text);
        },
        closed(code) {
          end();
          hears.closed(code);
        },
      };
      const serves = () => {
        failures = 0;
        onWay(ways[at].name);
        if (at === 0) {
          worked = true;
        } else {
          endProbe = probe((better) => {
            link.close();
            link = better;
            at = 0;
            endProbe = () => {};
            serves();
            // To the other side it is the same link, opened anew.
            hears.opened();
            return through;
          });
        }
      };
      let link = ways[at].dial(through);
      return {
        send: (text) => link.send(text),
        close() {
          end();
          link.close();
        },
      };
    },
    /** Another network: what was learnt of the last one may be wrong. */
    forget() {
      failures = 0;
      worked = false;
    },
  };
}
