/** The outside world of the page: time, chance and waiting stand in this file and no other. */
export interface Clock {
  readonly now: () => number;
  readonly fraction: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The browser's own clock and chance. */
export const clock: Clock = {
  now: () => Date.now(),
  fraction: () => Math.random(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done);
    }),
};

/** Calls again and again until the returned function is called. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}

/** Calls once, later, unless the returned function is called before. */
export function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** An id for one decision; randomUUID would need https. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The zone of the reader's own clock, e.g. "Europe/Berlin". */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The instant a Date header names; NaN when it names none. */
export function instantOf(text: string): number {
  return Date.parse(text);
}

/** The calendar's words for an instant, in the reader's own zone. */
export function localTime(ms: number, style: "full" | "time"): string {
  const format = style === "full" ? fullFormat : timeFormat;
  return format.format(dateOf(ms));
}

/** An instant in the reader's own zone and in the one all share. */
export function zonedTime(ms: number): string {
  return `${localTime(ms, "full")}\n${utcFormat.format(dateOf(ms))}`;
}

/** An instant as machines write it. */
export function isoTime(ms: number): string {
  return dateOf(ms).toISOString();
}

/** Whoever tells of the year 300,000 breaks no page: the calendar ends before. */
function dateOf(ms: number): Date {
  return new Date(Number.isNaN(ms) ? 0 : Math.min(calendarMax, Math.max(-calendarMax, ms)));
}

const calendarMax = 8.64e15;

const instants = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/gu;

/** Words of the hub with the instants in them as the reader's own calendar has them. */
export function withLocalTimes(text: string): string {
  return text.replace(instants, (instant) => localTime(instantOf(instant), "full"));
}

const full = {
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  timeZoneName: "short",
} as const;
const fullFormat = new Intl.DateTimeFormat("en-GB", full);
const utcFormat = new Intl.DateTimeFormat("en-GB", { ...full, timeZone: "UTC" });

const timeFormat = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
