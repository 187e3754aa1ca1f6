/**
 * Does a selection name this match, as far as its cells tell? The relay decides what is sent; this decides which of what is
 * held belongs to which list.
 *
 * @param {{match?: string[], phase?: string, sport?: string, league?: string, all?: boolean}} select
 * @param {string} match
 * @param {Map<string, string | number>} fields of group `match`
 */
export function matches(select, match, fields) {
  if (select.match) {
    return select.match.includes(match);
  }
  if (select.phase) {
    return fields.get('phase') === select.phase;
  }
  if (select.sport) {
    return fields.get('sport') === select.sport;
  }
  if (select.league) {
    return fields.get('league') === select.league;
  }
  return select.all === true;
}
