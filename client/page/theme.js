/* Before the first paint, so that nobody sees the other colours flash by. Classic on purpose: a module would be too late. */
{
  const kept = (() => {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null; // Storage is forbidden: the system's choice then.
    }
  })();
  if (kept === 'light' || kept === 'dark') {
    document.documentElement.dataset.theme = kept;
  }
}
