import picocolors from "picocolors";
import { harmless } from "./words/harmless.ts";

/** How a piece of text is meant; a terminal shows it as a colour. */
export type Tone = "strong" | "dim" | "good" | "warn" | "bad";

/** A text with a tone. */
export interface Toned {
  readonly text: string;
  readonly tone: Tone;
}

/** A piece of a line or a cell of a table. */
export type Piece = string | Toned;

/** Turns pieces into what a terminal shows. */
export type Paint = (...pieces: readonly Piece[]) => string;

/** What is to be read first. */
export const strong = (text: string): Toned => ({ text, tone: "strong" });
/** What may be overlooked. */
export const dim = (text: string): Toned => ({ text, tone: "dim" });
/** What is as it should be. */
export const good = (text: string): Toned => ({ text, tone: "good" });
/** What deserves a look. */
export const warn = (text: string): Toned => ({ text, tone: "warn" });
/** What is wrong. */
export const bad = (text: string): Toned => ({ text, tone: "bad" });

/** What nobody measured or told; never shown as 0. */
export const unknown = dim("unknown");

/**
 * The only way from a text to the terminal: whatever it holds is made harmless first, and coloured
 * afterwards, so that no name can paint or move anything.
 */
export function paintWith(colour: boolean): Paint {
  const { bold, gray, green, yellow, red } = picocolors.createColors(colour);
  const tones = { strong: bold, dim: gray, good: green, warn: yellow, bad: red };
  return (...pieces) =>
    pieces
      .map((piece) => {
        if (typeof piece === "string") return harmless(piece);
        return tones[piece.tone](harmless(piece.text));
      })
      .join("");
}
