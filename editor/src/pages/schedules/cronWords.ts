/** Cron texts in words.  Pure.  Says nothing rather than something that is not quite so: what it
 * does not know is left as it is written. */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY_NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const MONTH_NAMES = MONTHS.map((month) => month.slice(0, 3).toUpperCase());
const MOST_TIMES = 6;

/** Returns when a cron text of five fields is due, such as "Monday to Friday at 09:00"; `null`
 * where that cannot be said shortly. */
export function cronWords(cron: string): string | null {
  const fields = cron
    .trim()
    .toUpperCase()
    .split(/\s+/)
    .map((field) => (field === "*/1" ? "*" : field));
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (fields.length !== 5 || !minute || !hour || !dayOfMonth || !month || !dayOfWeek) return null;
  const time = timeWords(minute, hour);
  const day = dayWords(dayOfMonth, dayOfWeek);
  const months = month === "*" ? "" : monthWords(month);
  if (time === null || day === null || months === null) return null;
  const isDaily = day === "" && /^\d/.test(hour);
  const words = [isDaily ? "every day" : day, time, months].filter(Boolean).join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns an interval of seconds in words: "Every 90 minutes". */
export function intervalWords(seconds: number): string {
  const units: [string, number][] = [
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, size] = units.find(([, length]) => seconds % length === 0) ?? ["second", 1];
  const count = seconds / size;
  return count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`;
}

/** Returns in words when a schedule is due; a cron text that has no words is shown itself. */
export function timingWords({ cron, interval }: { cron: string | null; interval: number | null }) {
  if (cron !== null) return cronWords(cron) ?? `At the times of “${cron}”`;
  return interval === null ? "Never" : intervalWords(interval);
}

function timeWords(minute: string, hour: string): string | null {
  const every = stepOf(minute);
  if (hour === "*") {
    if (minute === "*") return "every minute";
    if (every !== null) return 60 % every === 0 ? `every ${every} minutes` : null;
    const minutes = numbersOf(minute, 59);
    if (!minutes) return null;
    if (minutes.length === 1 && minutes[0] === 0) return "every hour";
    return `every hour at minute ${listed(minutes.map(String))}`;
  }
  const everyHours = stepOf(hour);
  if (everyHours !== null) {
    const [at, ...others] = numbersOf(minute, 59) ?? [];
    if (at === undefined || others.length > 0 || 24 % everyHours !== 0) return null;
    return `every ${everyHours} hours${at === 0 ? "" : ` at minute ${at}`}`;
  }
  const hours = numbersOf(hour, 23);
  if (hours && (minute === "*" || every !== null)) {
    return everyFewMinutes(minute, every, hour, hours);
  }
  const minutes = numbersOf(minute, 59);
  if (!hours || !minutes || hours.length * minutes.length > MOST_TIMES) return null;
  const times = hours.flatMap((h) => minutes.map((m) => `${padded(h)}:${padded(m)}`));
  return `at ${listed(times)}`;
}

function everyFewMinutes(minute: string, every: number | null, hour: string, hours: number[]) {
  const isRange = /^\d+-\d+$/.test(hour) || hours.length === 1;
  const first = hours[0];
  const last = hours.at(-1);
  if (!isRange || first === undefined || last === undefined) return null;
  if (every !== null && 60 % every !== 0) return null;
  const often = minute === "*" ? "minute" : `${every} minutes`;
  const end = minute === "*" ? 59 : 60 - (every ?? 1);
  return `every ${often} from ${padded(first)}:00 to ${padded(last)}:${padded(end)}`;
}

function dayWords(dayOfMonth: string, dayOfWeek: string): string | null {
  const ofMonth = dayOfMonth === "*" ? "" : dayOfMonthWords(dayOfMonth);
  const ofWeek = dayOfWeek === "*" ? "" : dayOfWeekWords(dayOfWeek);
  if (ofMonth === null || ofWeek === null) return null;
  // Where both are given, one is enough.
  return [ofMonth, ofWeek].filter(Boolean).join(" or ");
}

function dayOfMonthWords(field: string): string | null {
  if (field === "L") return "on the last day of the month";
  if (field === "LW") return "on the last weekday of the month";
  const days = numbersOf(field, 31);
  if (!days || days.length > MOST_TIMES) return null;
  return `on the ${listed(days.map(ordinal))} of the month`;
}

function dayOfWeekWords(field: string): string | null {
  const named = field.replace(/[A-Z]{3}/g, (name) => {
    const place = DAY_NAMES.indexOf(name);
    return place < 0 ? "?" : String(place);
  });
  const last = /^([0-7])L$/.exec(named)?.[1];
  if (last !== undefined) return `on the last ${dayName(Number(last))} of the month`;
  const [, day, nth] = /^([0-7])#([1-5])$/.exec(named) ?? [];
  if (day !== undefined && nth !== undefined) {
    return `on the ${ordinal(Number(nth))} ${dayName(Number(day))} of the month`;
  }
  const range = /^([0-7])-([0-7])$/.exec(named);
  if (range) return `${dayName(Number(range[1]))} to ${dayName(Number(range[2]))}`;
  const days = numbersOf(named, 7);
  return days && `on ${listed(days.map(dayName))}`;
}

function monthWords(field: string): string | null {
  const named = field.replace(/[A-Z]{3}/g, (name) => {
    const place = MONTH_NAMES.indexOf(name);
    return place < 0 ? "?" : String(place + 1);
  });
  const months = numbersOf(named, 12);
  if (!months || months.includes(0)) return null;
  return `in ${listed(months.map((month) => MONTHS[month - 1] ?? "?"))}`;
}

/** Returns the numbers of a list with ranges, "1,3-5", in order; `null` for anything else. */
function numbersOf(field: string, most: number): number[] | null {
  const numbers: number[] = [];
  for (const part of field.split(",")) {
    const [, from, to] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part) ?? [];
    if (from === undefined) return null;
    const [first, last] = [Number(from), Number(to ?? from)];
    if (first > last || last > most) return null;
    for (let number = first; number <= last; number += 1) numbers.push(number);
  }
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function stepOf(field: string): number | null {
  const step = /^\*\/(\d{1,2})$/.exec(field)?.[1];
  return step === undefined || Number(step) < 2 ? null : Number(step);
}

function dayName(day: number): string {
  return DAYS[day % 7] ?? "?";
}

function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens > 10 && tens < 20 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function padded(number: number): string {
  return String(number).padStart(2, "0");
}
