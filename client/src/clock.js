/** The wall clock is this far ahead of where the monotonic one says it is: the machine has slept, ms. */
const SLEPT_MS = 2000;
/** The longest time that a timer takes, ms. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Monotonic time in ms that counts a machine's sleep. A browser's own stands still meanwhile on some systems; the wall clock
 * shows it then. One that is set forward looks the same: that costs a reconnect, and nothing else.
 */
export function systemClock({ wall = () => Date.now(), monotonic = () => performance.now() } = {}) {
  let wallAt = wall();
  let monotonicAt = monotonic();
  let slept = 0;
  return {
    wall,
    now() {
      const ahead = wall() - wallAt - (monotonic() - monotonicAt);
      wallAt = wall();
      monotonicAt = monotonic();
      if (ahead > SLEPT_MS) {
        slept += ahead;
      }
      return monotonicAt + slept;
    },
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
      return () => clearTimeout(timer);
    },
  };
}
