import { expect, test } from "vitest";
import { nounOf, retold } from "./words.ts";

test.each([
  ["alert", "alerts"],
  ["treaty", "treaties"],
  ["memory", "memories"],
  ["key", "keys"],
  ["box", "boxes"],
])("several of %s are %s", (one, many) => {
  expect(nounOf(one).many).toBe(many);
});

test.each(["", "Alert", "two words", "a", "node-2", "../x"])("%j is no capability", (word) => {
  expect(() => nounOf(word)).toThrow(/singular noun/);
});

test("a text about samples is retold, with its article and its ids", () => {
  const text = 'A sample, SampleService.listSamples, `sam_` in newId("sam"), a sample of samples';
  expect(retold(text, nounOf("alert"))).toBe(
    'An alert, AlertService.listAlerts, `ale_` in newId("ale"), an alert of alerts',
  );
  expect(retold("same", nounOf("alert"))).toBe("same");
});
