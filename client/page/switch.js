import { put } from './dom.js';

const system = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark by a button; who chooses what the system says follows the system again. */
export function listenToSwitch() {
  const button = document.getElementById('theme');
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const show = () => put(button, 'aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    if ((theme === 'dark') === system.matches) {
      delete root.dataset.theme;
      keep(null);
    } else {
      root.dataset.theme = theme;
      keep(theme);
    }
    show();
  });
  system.addEventListener('change', show);
  show();
}

function keep(theme) {
  try {
    if (theme === null) {
      localStorage.removeItem('theme');
    } else {
      localStorage.setItem('theme', theme);
    }
  } catch {
    // Storage is forbidden: it holds until the page is closed.
  }
}
