import Table from "cli-table3";
import type { Paint, Piece } from "./paint.ts";
import { dim } from "./paint.ts";

const gap = 2;
const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

/** Rows under their headings, in columns that are as wide as they need to be. */
export function tableLines(
  paint: Paint,
  head: readonly string[],
  rows: readonly (readonly Piece[])[],
): string[] {
  return aligned([head.map((name) => paint(dim(name))), ...painted(paint, rows)]);
}

/** Names and what stands for them, one pair a line. */
export function pairLines(paint: Paint, pairs: readonly (readonly [string, Piece])[]): string[] {
  return aligned(pairs.map(([name, value]) => [paint(dim(name)), paint(value)]));
}

function painted(paint: Paint, rows: readonly (readonly Piece[])[]): string[][] {
  return rows.map((row) => row.map((cell) => paint(cell)));
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const table = new Table({
    chars: noLines,
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
  });
  table.push(...rows.map((row) => [...row]));
  return rows.length === 0
    ? []
    : table
        .toString()
        .split("\n")
        .map((line) => line.trimEnd());
}
