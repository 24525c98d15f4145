/** The text that bytes are, if they are; a byte that no text has makes it bytes. */
export function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return unprintable.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Control characters that no text is written with: all but tab and the ends of lines. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

/** What turns the direction of letters, or has no width: seen as its number, never as it acts. */
const hidden = /[\u0080-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Text in which nothing acts on how the rest is read. */
export function plain(text: string): string {
  return text.replace(
    hidden,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** So deep may be what is set out over lines; deeper, the spaces would be more than the words. */
const depthMax = 24;

/** JSON set out over lines, where that loses nothing: a long number or a doubled name would. */
export function prettyJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isPlain = depthOf(text) <= depthMax && JSON.stringify(value) === text.trim();
    return isPlain ? JSON.stringify(value, undefined, 2) : text;
  } catch {
    return undefined;
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const letter of text) {
    if (letter === "{" || letter === "[") most = Math.max(most, ++depth);
    else if (letter === "}" || letter === "]") depth--;
  }
  return most;
}
