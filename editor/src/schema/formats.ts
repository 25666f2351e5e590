/** The formats a browser can judge; of all others it says nothing, the server does. */

const CHECKS: Record<string, { says: string; fits: (text: string) => boolean }> = {
  email: {
    says: "Must be an e-mail address, such as ada@example.com",
    fits: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  },
  uri: { says: "Must be a whole address, such as https://example.com", fits: isAddress },
  date: { says: "Must be a date, such as 2026-11-20", fits: isDate },
  time: {
    says: "Must be a time with its zone, such as 09:30:00Z",
    fits: (text) => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i.test(text),
  },
  "date-time": {
    says: "Must be a moment with its zone, such as 2026-11-20T09:30:00Z",
    fits: isMoment,
  },
  uuid: {
    says: "Must be a UUID",
    fits: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  },
};

/** What is wrong with `text` for `format`; null if nothing is, or nothing is known. */
export function formatProblem(format: string, text: string): string | null {
  const check = Object.hasOwn(CHECKS, format) ? CHECKS[format] : undefined;
  return check && !check.fits(text) ? check.says : null;
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && URL.canParse(text);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const made = new Date(Date.UTC(year, month - 1, day));
  // Date.UTC rolls 31 February over into March: what comes back must be what went in.
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
}

function isMoment(text: string): boolean {
  const [date, time] = [text.slice(0, 10), text.slice(11)];
  return (
    isDate(date) &&
    /^[T ]$/i.test(text.slice(10, 11)) &&
    /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]\d\d:\d\d)$/i.test(time)
  );
}
