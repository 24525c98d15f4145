import { countText } from "../../parts/measure.ts";

const digits = 12;

/** A digest as twelve hex digits in three groups, so that two are compared by eye. */
export function digestText(digest: number): string {
  const hex = Math.max(0, Math.trunc(digest)).toString(16).padStart(digits, "0");
  return hex.replace(/(....)(?=.)/gu, "$1-");
}

/** "1 cell" or "2,204 cells". */
export function cellsText(cells: number): string {
  return `${countText(cells)} ${cells === 1 ? "cell" : "cells"}`;
}
