const digits = 12;

/** A digest as twelve hex digits in three groups, so that two are compared by eye. */
export function digestText(digest: number): string {
  const hex = Math.max(0, Math.trunc(digest)).toString(16).padStart(digits, "0");
  return hex.replace(/(....)(?=.)/gu, "$1-");
}
