import { expect, test } from "vitest";
import { joinCommand } from "./join-command.ts";

test("the command can be pasted into a shell as it is", () => {
  expect(joinCommand("foedus://host:7444/main#abc", "web")).toBe(
    "npx foedus node join 'foedus://host:7444/main#abc' --data ./web",
  );
});

test("nothing escapes the quotes", () => {
  expect(joinCommand("a'; rm -rf b", "")).toBe(
    "npx foedus node join 'a'\\''; rm -rf b' --data ./my-node",
  );
});
