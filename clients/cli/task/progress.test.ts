import { expect, test } from "vitest";
import { progressIn } from "./progress.ts";

test("a part of 1 and words, either of them alone", () => {
  const said = (line: string) => progressIn(`foedus:progress${line}`);
  expect(said(" 0.5 half way through")).toEqual({ fraction: 0.5, message: "half way through" });
  expect(said(" 1")).toEqual({ fraction: 1, message: "" });
  expect(said(" 0")).toEqual({ fraction: 0, message: "" });
  expect(said(" .25 \r")).toEqual({ fraction: 0.25, message: "" });
  expect(said(" reading it")).toEqual({ message: "reading it" });
  expect(said("")).toEqual({ message: "" });
});

test("a figure beyond 1 is a word: it may count something else", () => {
  expect(progressIn("foedus:progress 50 files")).toEqual({ message: "50 files" });
  expect(progressIn("foedus:progress 1.01 files")).toEqual({ message: "1.01 files" });
  expect(progressIn("foedus:progress -0.5")).toEqual({ message: "-0.5" });
});

test("any other line is none", () => {
  for (const line of ["", "0.5", "foedus:progressing 0.5", " foedus:progress 0.5", "progress"]) {
    expect(progressIn(line)).toBeUndefined();
  }
});
