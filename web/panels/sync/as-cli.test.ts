import { create } from "@bufbuild/protobuf";
import { CellNameSchema, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { expect, test } from "vitest";
import { explainCommand, statusCommand, syncCommand } from "./as-cli.ts";

const stream = create(StreamSchema, { collection: "notes", partition: "a", zone: "eu", lane: 0 });

test("a stream is named as the command line reads it", () => {
  expect(statusCommand(stream)).toBe("npx foedus sync status notes/a@eu:0");
  expect(statusCommand()).toBe("npx foedus sync status");
});

test("a record that somebody named to run a command is one word", () => {
  const name = create(CellNameSchema, { record: "$(reboot) '", field: "" });
  expect(explainCommand(stream, name)).toBe(
    `npx foedus sync conflicts explain notes/a@eu:0 '$(reboot) '\\'''`,
  );
});

test("each part of the page has its command", () => {
  expect(syncCommand({})).toBe("npx foedus sync status");
  expect(syncCommand({ selected: "notes@eu" })).toBe("npx foedus sync status notes@eu");
  expect(syncCommand({ view: "rules" })).toBe("npx foedus sync grants");
  expect(syncCommand({ view: "conflicts", stream: "notes" })).toBe(
    "npx foedus sync conflicts list notes",
  );
});
