import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, onTestFinished, test } from "vitest";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { printTo, type Sink } from "../print.ts";
import { openTerminal } from "../terminal.ts";
import { followAll } from "./ends.ts";

const gone = () => new ConnectError("nobody is there", Code.Unavailable);

/** A hub that goes after it was asked for the first time, and whenever it is asked for names. */
function hubThatGoes(): HubClient {
  let asked = 0;
  const transport = createRouterTransport(({ service }) => {
    service(HubService, { getStatus: () => ({}) });
    service(IdentityService, {
      listIdentities: () => {
        throw gone();
      },
    });
    service(TaskService, {
      waitTasks: ({ taskIds }) => {
        if (++asked === 1) throw gone();
        const state = TaskState.COMPLETED;
        return { tasks: taskIds.map((id) => ({ id, state, submitter: "node_1" })) };
      },
    });
  });
  return {
    address: "",
    as: (service) => createClient(service, transport),
    call: { signal: new AbortController().signal, timeoutMs: 10_000 },
    nowMs: () => 0,
  };
}

test("whoever waits for many is told that the hub is away, and an end whose names nobody tells", async () => {
  const [out, errors]: [string[], string[]] = [[], []];
  const sink = (into: string[]): Sink => ({
    write: (text) => void into.push(String(text)),
    colour: false,
    isTerminal: false,
  });
  const over = new AbortController();
  onTestFinished(() => over.abort(new Error("the test is over")));
  const hub = hubThatGoes();
  const { signal } = over;
  const context: CliContext = {
    world: realWorld,
    environment: {},
    print: printTo("text", sink(out), sink(errors)),
    terminal: openTerminal(() => signal),
    signal,
    named: undefined,
    folder: "",
    hub: async () => Promise.resolve(hub),
    session: () => {
      throw gone();
    },
    newRequestId: () => "request",
  };
  await followAll(context, hub, ["task_1", "task_2"]);
  expect(out.join("")).toMatch(/^#0 task_1 completed without a result\n#1 task_2 completed/u);
  expect(errors.join("")).toMatch(
    /The hub is away.*\nThe hub is back; .*\n2 tasks: 2 completed\./su,
  );
});
