import { pages } from "./chapters.ts";
import type { Overlay } from "./overlay.ts";

/** What of a key press decides what it does. */
export interface Press {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  /** Whether it goes into a field. */
  readonly typing: boolean;
  /** Whether a dialog lies over the page. */
  readonly covered: boolean;
  /** Whether "g" came just before. */
  readonly going: boolean;
}

/** What a key press means for the whole page. */
export type Meaning =
  | { readonly do: "nothing" | "prepare" | "await page" }
  | { readonly do: "open"; readonly overlay: Overlay }
  | { readonly do: "close" }
  | { readonly do: "go"; readonly to: (typeof pages)[number]["to"] };

const nothing: Meaning = { do: "nothing" };

/** How long "g" waits for the letter of a page. */
export const goMs = 1_500;

/** Reads a key press; `open` is what of the shell lies over the page. */
export function meaningOf(press: Press, open: Overlay | undefined): Meaning {
  if (press.key === "Control" || press.key === "Meta") return { do: "prepare" };
  if (isPaletteKey(press)) {
    if (open === "palette") return { do: "close" };
    // Over a dialog that asks something, nothing else is asked.
    return press.covered ? nothing : { do: "open", overlay: "palette" };
  }
  if (press.typing || press.covered || press.ctrl || press.meta || press.alt) return nothing;
  if (press.going) {
    const page = pages.find(({ key }) => key === press.key);
    return page === undefined ? nothing : { do: "go", to: page.to };
  }
  if (press.key === "?") return { do: "open", overlay: "keys" };
  return press.key === "g" ? { do: "await page" } : nothing;
}

function isPaletteKey({ key, ctrl, meta, alt }: Press): boolean {
  return key.toLowerCase() === "k" && ctrl !== meta && !alt;
}
