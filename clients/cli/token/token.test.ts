import { execFileSync } from "node:child_process";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { JoinTokenSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { paintWith } from "../paint.ts";
import { joinCommand } from "./join-command.ts";
import { tokenStanding } from "./standing.ts";

const invitation = "foedus://127.0.0.1:7444/main#DUkmnyxkJN0IcYtpJbkEiA";

test("the command to join is the one a person can paste", () => {
  expect(joinCommand({ invitation, name: "web", file: undefined })).toBe(
    `npx foedus node join '${invitation}' --data ./web`,
  );
  expect(joinCommand({ invitation, name: "", file: "my tokens/t.txt" })).toBe(
    `npx foedus node join '${invitation}' --token-file 'my tokens/t.txt' --data ./my-node`,
  );
});

test("a shell reads a file's name back as it was, whatever it holds", () => {
  const file = 'a\'b; $(rm -rf) `x` "y" #z';
  const command = joinCommand({ invitation, name: "", file });
  const script = `printf '%s\\n' ${command.replace("npx foedus", "")}`;
  const words = execFileSync("sh", ["-c", script]).toString().split("\n");
  expect(words).toContain(file);
  expect(words).toContain(invitation);
});

const nowMs = 1_795_259_748_531;
const at = (ms: number) => timestampFromMs(nowMs + ms);
const minuteMs = 60_000;

test.each([
  ["open, ends in 15 min", { expireTime: at(15 * minuteMs) }],
  ["lapsed 5 min ago", { expireTime: at(-5 * minuteMs) }],
  [
    "used 1 min ago by node_1",
    { endTime: at(-minuteMs), nodeId: "node_1", expireTime: at(minuteMs) },
  ],
  ["cancelled 1 min ago", { endTime: at(-minuteMs), cancelled: true, expireTime: at(minuteMs) }],
])("a token is %s", (words, token) => {
  expect(paintWith(false)(tokenStanding(create(JoinTokenSchema, token), nowMs))).toBe(words);
});
