/** A dot would look like a file to the server. */
function part(text) {
  return encodeURIComponent(text).replaceAll('.', '%2E');
}

/** @param {string} id */
export function matchPath(id) {
  return `/match/${part(id)}`;
}

/** @param {string} league */
export function leaguePath(league) {
  return `/league/${part(league)}`;
}

/**
 * @param {string} path
 * @returns {{name: 'live' | 'upcoming' | 'league' | 'match' | 'nowhere', key?: string}}
 */
export function routeOf(path) {
  if (path === '/' || path === '/live') {
    return { name: 'live' };
  }
  if (path === '/upcoming') {
    return { name: 'upcoming' };
  }
  const [, name, key, ...rest] = path.split('/');
  if ((name === 'league' || name === 'match') && key && rest.length === 0) {
    try {
      return { name, key: decodeURIComponent(key) };
    } catch {
      return { name: 'nowhere' };
    }
  }
  return { name: 'nowhere' };
}
