import { useEffect, useState } from "react";

/** The tokens that the canvas paints with. */
const tokens = [
  "ground",
  "surface",
  "raised",
  "sunken",
  "line",
  "line-strong",
  "ink",
  "muted",
  "accent",
  "online",
  "degraded",
  "offline",
  "maintenance",
  "retired",
  "tie",
  "schema",
] as const;

export type Token = (typeof tokens)[number];

/** Each token as the present theme has it, in words a canvas understands. */
export type Palette = Readonly<Record<Token, string>>;

/** The colours of the present theme, again whenever it changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const look = () => setPalette(readPalette());
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", look);
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      scheme.removeEventListener("change", look);
      observer.disconnect();
    };
  }, []);
  return palette;
}

/** A canvas knows no variables: an element that wears the colour says what it is. */
function readPalette(): Palette {
  return Object.fromEntries(tokens.map((token) => [token, readToken(token)])) as Palette;
}

/** An element for each: one that changes its colour may fade from the one before. */
function readToken(token: Token): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The token in a text's class, so that canvas and page agree on every colour. */
export function tokenOf(textClass: string): Token {
  return tokens.find((token) => textClass === `text-${token}`) ?? "muted";
}
