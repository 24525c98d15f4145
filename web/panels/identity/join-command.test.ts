import { expect, test } from "vitest";
import { joinCommand } from "./join-command.ts";

test("the command can be pasted into a shell as it is", () => {
  expect(joinCommand("foedus://host:7444/main#abc", "fjt_01.secret", "web")).toBe(
    "npx foedus node join 'foedus://host:7444/main#abc' --token fjt_01.secret --name web",
  );
});

test("nothing escapes the quotes", () => {
  expect(joinCommand("a'; rm -rf b", "s", "")).toBe(
    "npx foedus node join 'a'\\''; rm -rf b' --token s",
  );
});
