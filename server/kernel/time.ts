/** The UTC day of an instant, e.g. "2026-11-21". */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** An instant as people and logs read it, e.g. "2026-11-21T09:36:00.000Z". */
export function utcText(ms: number): string {
  return new Date(ms).toISOString();
}

/** An instant as libraries that ask for a Date want it. */
export function dateOf(ms: number): Date {
  return new Date(ms);
}

/** The instant that a text such as an HTTP date names, in milliseconds since 1970; NaN for none. */
export function instantOf(text: string): number {
  return Date.parse(text);
}
