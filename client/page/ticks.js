/** One timer for all clocks on the page; none runs while nobody has one, or while nobody looks. */
const listeners = new Set();
let timer = 0;

/** @param {() => void} tick @returns {() => void} */
export function everySecond(tick) {
  listeners.add(tick);
  wind();
  return () => {
    listeners.delete(tick);
    wind();
  };
}

function wind() {
  const wanted = listeners.size > 0 && document.visibilityState === 'visible';
  if (wanted && timer === 0) {
    timer = setInterval(() => listeners.forEach((tick) => tick()), 1000);
  } else if (!wanted && timer !== 0) {
    clearInterval(timer);
    timer = 0;
  }
}

document.addEventListener('visibilitychange', () => {
  wind();
  listeners.forEach((tick) => tick());
});
