/** A token is renewed this long before its end, for timers of a hidden tab come late; a short-lived one in its last quarter. */
const AHEAD_MS = 120_000;
/** The pause before a second try to get a newer one, ms. */
const AGAIN_MS = 5000;

/** When a JWT says that it ends, ms of the wall clock; NaN for what is none. Verifying it is the relay's business. */
export function expiryOf(token) {
  try {
    const payload = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(atob(payload)).exp * 1000;
  } catch {
    return NaN;
  }
}

/**
 * Gets a newer token before this one ends, and again before that one does.
 *
 * @param {string | undefined} token
 * @param {{getToken: () => Promise<string | undefined> | string | undefined, clock: object, onProblem: (problem: Error) => void}} parts
 * @param {(token: string) => void} use
 * @returns {() => void} ends it
 */
export function renew(token, { getToken, clock, onProblem }, use) {
  let cancel = () => {};
  let ended = false;
  const plan = (atLeast) => {
    const left = expiryOf(token) - clock.wall();
    if (!ended && !Number.isNaN(left)) {
      cancel = clock.after(Math.max(atLeast, left - Math.min(AHEAD_MS, left / 4)), next);
    }
  };
  const next = async () => {
    try {
      const newer = await getToken();
      if (!ended && newer && newer !== token) {
        token = newer;
        use(newer);
      }
    } catch (problem) {
      onProblem(problem);
    }
    plan(AGAIN_MS);
  };
  plan(0);
  return () => {
    ended = true;
    cancel();
  };
}
