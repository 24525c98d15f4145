/**
 * What a terminal obeys instead of showing: control characters, which begin escape sequences and
 * move the cursor; line and paragraph separators; marks and overrides that turn the direction of
 * text around; and characters that nobody sees, which make two names look alike.
 */
const unseenRanges = [
  // Control characters: C0 with escape and newline, DEL, and C1 with its one-byte CSI.
  [0x00, 0x1f],
  [0x7f, 0x9f],
  // Soft hyphen; Arabic, Hangul, Khmer and Mongolian characters without a width.
  [0xad, 0xad],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180e, 0x180e],
  // Zero width space; marks, embeddings, overrides and isolates of direction; separators.
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  // Fillers, the byte order mark, annotations, tags.
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
] as const;

const unseen = new RegExp(
  `[${unseenRanges.map(([from, to]) => `\\u{${hexOf(from)}}-\\u{${hexOf(to)}}`).join("")}]`,
  "gu",
);

const loneSurrogate = /\p{Surrogate}/gu;

/** A text from somewhere else as it may stand on a terminal: what it would obey is spelled out. */
export function harmless(text: string): string {
  return text.replaceAll(unseen, spelled).replaceAll(loneSurrogate, spelled);
}

/** The same for JSON, which spells such characters in a way that every reader turns back. */
export function harmlessJson(json: string): string {
  return json.replaceAll(unseen, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${hexOf(unit, 4)}`).join("");
  });
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (code <= 0xff) return `\\x${hexOf(code, 2)}`;
  return `\\u{${hexOf(code)}}`;
}

function hexOf(code: number, digits = 1): string {
  return code.toString(16).padStart(digits, "0");
}
