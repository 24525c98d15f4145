// Hears what every node of the tenant tells, from the beginning, and goes on until Ctrl-C.
//
//   node examples/publish.ts                         joins, so that there is a node
//   node examples/subscribe.ts
import { anyPayloadOf } from "@foedus/sdk/event/families.ts";
import { openNode } from "@foedus/sdk/open.ts";

const { FOEDUS_NODE: folder = ".foedus/instances/example" } = process.env;

const stopped = new AbortController();
process.once("SIGINT", () => stopped.abort());

await using node = await openNode(folder);

// A broken connection resumes behind the last event. What the hub no longer keeps comes as a gap,
// and with `verify` an event whose signature does not hold comes as a forgery.
const { signal } = stopped;
for await (const heard of node.subscribe({ afterCursor: 0n, verify: true, signal })) {
  if (heard.kind === "event") {
    const { cursor, event } = heard;
    console.log(`${cursor} ${event.type} from ${event.source}`, anyPayloadOf(event)?.message);
  } else {
    console.log(heard);
  }
}
