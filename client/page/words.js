/** What cells mean, in words. Nothing here touches the page, so that a test can read it. */

/** Why a market is locked, most telling first: short for a row, whole for a match. @type {Record<string, [string, string]>} */
export const REASONS = {
  trader: ['Trader', 'Suspended by a trader, until a trader resumes it'],
  fault: ['Fault', 'Suspended because its record is not consistent'],
  goal: ['Goal', 'Goal: locked until it is confirmed and prices from after it arrive'],
  possible_goal: ['Possible goal', 'Possible goal: locked while it is being checked'],
  penalty: ['Penalty', 'Penalty: locked until it has been taken'],
  red_card: ['Red card', 'Red card: locked until prices from after it arrive'],
  var: ['VAR check', 'Video review: locked until the decision'],
  score_conflict: ['Score check', 'Two sources report different scores'],
  phase_change: ['Period change', 'The period has changed: locked until prices from after it arrive'],
  price_jump: ['Price check', 'The price moved too far at once and is being confirmed'],
  source_silent: ['Source silent', 'The source of its prices has not spoken in time'],
  quotes_gone: ['No quotes', 'Too few bookmakers quote this market'],
  late: ['Data late', 'Our own data is late, so no price is offered'],
};

const PERIODS = {
  first_half: '1st half',
  half_time: 'Half-time',
  second_half: '2nd half',
  extra_time_break: 'Extra time next',
  extra_time_first_half: 'Extra time 1',
  extra_time_half_time: 'Extra time break',
  extra_time_second_half: 'Extra time 2',
  penalties: 'Penalties',
  interrupted: 'Interrupted',
};

const INCIDENTS = {
  goal: 'Goal',
  possible_goal: 'Possible goal',
  penalty: 'Penalty',
  red_card: 'Red card',
  yellow_card: 'Yellow card',
  var: 'Video review',
  corner: 'Corner',
  other: 'Incident',
};

const SPORTS = {
  soccer: 'Football',
  basketball: 'Basketball',
  icehockey: 'Ice hockey',
  americanfootball: 'American football',
  baseball: 'Baseball',
  tennis: 'Tennis',
  rugbyleague: 'Rugby league',
  rugbyunion: 'Rugby union',
  cricket: 'Cricket',
  mma: 'MMA',
};

const MARKETS = {
  h2h: 'Match result',
  h2h_3_way: 'Result, 60 minutes',
  draw_no_bet: 'Draw no bet',
  totals: 'Total',
  spreads: 'Handicap',
  btts: 'Both teams to score',
};

const OUTCOMES = {
  h2h: ['home', 'draw', 'away'],
  h2h_3_way: ['home', 'draw', 'away'],
  draw_no_bet: ['home', 'away'],
  spreads: ['home', 'away'],
  totals: ['over', 'under'],
  btts: ['yes', 'no'],
};

/** The first of a market's reasons that tells most. @param {readonly string[]} reasons */
export function chiefReason(reasons) {
  const found = Object.keys(REASONS).find((reason) => reasons.includes(reason));
  return found ?? reasons[0];
}

/** @param {readonly string[]} reasons */
export function whyShort(reasons) {
  const chief = chiefReason(reasons);
  return chief === undefined ? 'Suspended' : (REASONS[chief]?.[0] ?? plain(chief));
}

/** The most telling reason in whole, the others by name. @param {readonly string[]} reasons */
export function whyLong(reasons) {
  const chief = chiefReason(reasons);
  if (chief === undefined) {
    return 'Suspended';
  }
  const others = reasons.filter((reason) => reason !== chief).map((reason) => whyShort([reason]).toLowerCase());
  return (REASONS[chief]?.[1] ?? plain(chief)) + (others.length > 0 ? `. Also: ${others.join(', ')}` : '');
}

/** Two decimals below 100, more where a price has more: what is shown is what was said. */
export function price(value) {
  if (value === undefined) {
    return '–';
  }
  const shortest = String(value);
  const decimals = shortest.length - 1 - shortest.indexOf('.');
  return shortest.includes('.') && decimals >= 2 ? shortest : Number(value) < 100 ? Number(value).toFixed(2) : shortest;
}

/** @param {number | string} value */
export function signed(value) {
  const number = Number(value);
  return number > 0 ? `+${number}` : number < 0 ? `−${-number}` : '0';
}

/** A market's kind, without its line. @param {string} key */
export function kindOf(key) {
  return key.split(':')[0];
}

/** @param {string} key */
export function marketName(key) {
  return MARKETS[kindOf(key)] ?? sentence(kindOf(key));
}

/** The outcomes of a market in the order in which they are read. @param {string} key @param {string[]} [there] */
export function outcomesOf(key, there = []) {
  const known = OUTCOMES[kindOf(key)] ?? [];
  return [...known, ...there.filter((outcome) => !known.includes(outcome)).sort()];
}

/** What stands beside a price in a row: a name, and a line where there is one. @returns {string[]} */
export function outcomeShort(key, outcome, line) {
  switch (kindOf(key)) {
    case 'spreads':
      return line === undefined ? [outcome === 'home' ? '1' : '2'] : ['', handicap(outcome, line)];
    case 'totals':
      return ['', `${outcome === 'over' ? 'O' : 'U'}${line === undefined ? '' : ` ${line}`}`];
    default:
      return [{ home: '1', draw: 'X', away: '2', yes: 'Yes', no: 'No' }[outcome] ?? sentence(outcome)];
  }
}

/** The same on a match's own page, where there is room for names. @returns {string[]} */
export function outcomeLong(key, outcome, line, home, away) {
  const side = { home, away }[outcome];
  switch (kindOf(key)) {
    case 'spreads':
      return line === undefined ? [side] : [side, handicap(outcome, line)];
    case 'totals':
      return line === undefined ? [sentence(outcome)] : [sentence(outcome), String(line)];
    default:
      return [side ?? sentence(outcome)];
  }
}

/** A line is the home side's; the away side's is its opposite. */
function handicap(outcome, line) {
  return signed(outcome === 'home' ? line : -Number(line));
}

export function sportName(key) {
  if (key === undefined) {
    return '';
  }
  const stem = String(key).split('_')[0];
  return SPORTS[stem] ?? sentence(stem);
}

export function leagueName(match) {
  return match?.league ?? 'Other matches';
}

/** Where a match is in its life, without the minute. */
export function stage(match) {
  if (match === undefined) {
    return '';
  }
  if (match.phase === 'ended') {
    return { unlisted: 'Withdrawn', moved: 'Moved' }[match.ended] ?? 'Full time';
  }
  if (match.phase === 'live') {
    return PERIODS[match.period] ?? 'Live';
  }
  return '';
}

/** The minute that a running or stopped clock shows; '' without one. */
export function minute(match, now) {
  if (match?.clock_seconds === undefined || match.phase !== 'live') {
    return '';
  }
  const running = Number(match.clock_running) === 1;
  const passed = running ? Math.max(0, (now - Number(match.clock_at)) / 1000) : 0;
  return `${Math.floor((Number(match.clock_seconds) + passed) / 60)}′`;
}

/** The time of day today, with the day otherwise. */
export function kickOff(start, now = Date.now()) {
  if (start === undefined) {
    return '';
  }
  const at = new Date(Number(start));
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const day = dayName(start, now);
  return day === 'Today' ? time : `${day} ${time}`;
}

export function dayName(start, now = Date.now()) {
  const at = new Date(Number(start));
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - midnight) / 86_400_000);
  return days === 0
    ? 'Today'
    : days === 1
      ? 'Tomorrow'
      : at.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
}

/** `goal confirmed 1009000 home` in words. @param {string} text */
export function incident(text, match) {
  const [type, state, at, side] = text.split(' ');
  const team = side === undefined ? '' : (match?.[side] ?? sentence(side));
  const after = { open: 'being checked', cancelled: 'taken back' }[state] ?? '';
  return { type, state, at: Number(at), what: INCIDENTS[type] ?? sentence(type), team, after };
}

/** @param {number} count */
export function bytes(count) {
  if (count < 1000) {
    return `${count} B`;
  }
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(2)} MB`;
}

/** @param {number} ms */
export function age(ms) {
  if (ms === undefined || !Number.isFinite(ms)) {
    return '–';
  }
  if (ms < 1000) {
    return `${Math.max(0, Math.round(ms))} ms`;
  }
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min`;
}

/**
 * How it stands with what is shown: the connection, our own pipeline, the source, told apart.
 *
 * @param {string} state of the client
 * @param {{feed?: string, late?: boolean}} health
 * @param {boolean} wasLive has it ever been current
 * @returns {{tone: 'good' | 'warn' | 'bad' | 'wait', short: string, long: string}} long is '' when there is nothing to explain
 */
export function standing(state, health, wasLive) {
  switch (state) {
    case 'closed':
      return { tone: 'bad', short: 'Disconnected', long: 'The connection was refused for good. Prices are locked; reload the page to try again.' };
    case 'connecting':
      return wasLive
        ? { tone: 'bad', short: 'Reconnecting', long: 'The connection is lost, reconnecting. This is the last that was known.' }
        : { tone: 'wait', short: 'Connecting', long: '' };
    case 'syncing':
      return { tone: 'wait', short: 'Catching up', long: '' };
    case 'resyncing':
      return { tone: 'wait', short: 'Re-reading', long: '' };
    default:
  }
  if (state === 'stale' || health?.late) {
    return { tone: 'bad', short: 'Pipeline late', long: 'Our own data is late, the sources may be well. Prices are locked until it is current.' };
  }
  if (health?.feed === 'down') {
    return { tone: 'warn', short: 'Sources silent', long: 'No source is speaking; our own pipeline is well. Markets that rest on a silent source are locked.' };
  }
  if (health?.feed === 'stale') {
    return { tone: 'warn', short: 'A source is silent', long: '' };
  }
  return { tone: 'good', short: 'Up to date', long: '' };
}

function plain(reason) {
  return sentence(reason.replaceAll('_', ' '));
}

function sentence(text) {
  const words = String(text).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
