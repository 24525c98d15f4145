// What a hub hands to a parent that a test speaks for.
import { create } from "@bufbuild/protobuf";
import { createClient, createRouterTransport, type ServiceImpl } from "@connectrpc/connect";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import type { Open } from "../../server/capabilities/task/relay.up.book.flow.ts";
import type { ParentLine } from "../../server/runtime/parent.ts";

/** A task that a hub is about to hand up. */
export function handedOpen(id: string, init: Partial<Open> = {}): Open {
  const never = { beatMs: -Infinity, offMs: -Infinity, askMs: -Infinity };
  const spec = create(TaskSpecSchema, { queue: "q", kind: id });
  const asked = { isTried: false, tries: 0, why: "", told: "", lost: false, upperId: undefined };
  return {
    id,
    fence: 1,
    queue: "q",
    line: "",
    heartbeatMs: 30_000,
    spec,
    ...asked,
    ...never,
    ...init,
  };
}

/** A line to a parent that answers so. */
export function parentLine(answers: Partial<ServiceImpl<typeof TaskService>>): ParentLine {
  const transport = createRouterTransport(({ service }) => {
    service(TaskService, answers);
  });
  const { signal } = new AbortController();
  return {
    ownTenant: tenantProved("main"),
    client: (service) => createClient(service, transport),
    moving: () => signal,
    signal,
  };
}
