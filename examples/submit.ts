// Asks for the words of a text to be counted and its sum to be taken, and prints what comes back.
//
//   node examples/worker.ts                          does it; in another terminal
//   npx foedus token create --name asker             prints an invitation and a token
//   FOEDUS_INVITATION='foedus://…' FOEDUS_TOKEN='fjt_…' node examples/submit.ts [FOLDER [QUEUE]]
import { parseArgs } from "node:util";
import { joinHub } from "@foedus/sdk/join.ts";
import { openNode } from "@foedus/sdk/open.ts";
import { TaskFailed } from "@foedus/sdk/task/failed.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { text: { type: "string", default: "The quick brown fox" } },
});
const { FOEDUS_INVITATION: invitation = "", FOEDUS_TOKEN: token, FOEDUS_NODE } = process.env;
const [folder = FOEDUS_NODE ?? ".foedus/instances/asker", queue = "examples"] = positionals;

await joinHub({ invitation, token, folder });

const payload = { text: values.text };

await using node = await openNode(folder);

// The second waits for the first: "#0" is the first task of the same batch.
const submitted = await node.tasks.submitMany([
  { queue, kind: "count-words", payload },
  { queue, kind: "sha256", payload, dependsOn: ["#0"] },
]);
for (const { taskId } of submitted) {
  try {
    const { task, json } = await node.tasks.result(taskId);
    console.log(`${task.spec?.kind}: ${JSON.stringify(json())}, done by ${task.attempt?.worker}`);
  } catch (error) {
    if (!(error instanceof TaskFailed)) throw error;
    console.log(`${taskId} failed: ${error.reason}, ${error.message}`);
  }
}
