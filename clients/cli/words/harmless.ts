/**
 * What a terminal obeys instead of showing: control characters, which begin escape sequences and
 * move the cursor; line and paragraph separators; marks and overrides that turn the direction of
 * text around; and characters that nobody sees, which make two names look alike.
 */
const unseen =
  // eslint-disable-next-line no-control-regex -- Control characters are what this is about.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

const loneSurrogate = /\p{Surrogate}/gu;

/** A text from somewhere else as it may stand on a terminal: what it would obey is spelled out. */
export function harmless(text: string): string {
  return text.replaceAll(unseen, spelled).replaceAll(loneSurrogate, spelled);
}

/** The same for JSON, which spells such characters in a way that every reader turns back. */
export function harmlessJson(json: string): string {
  return json.replaceAll(unseen, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return `\\u{${code.toString(16)}}`;
}
