// What the samples are asked for by the clock: told apart from those who do it, for journeys in a
// browser start a federation too, and the sources of a node do not type-check beside its names.
import { create } from "@bufbuild/protobuf";
import { type Schedule, ScheduleSchema } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { toPayload } from "@foedus/sdk/task/payload.ts";

/** Where files wait to be read. */
export const digests = "digests";

/** What is asked for by the clock, whoever is there: the words of the first page. */
export function sampleSchedule(): Schedule {
  const payload = toPayload({ path: "README.md" });
  const spec = create(TaskSpecSchema, { queue: digests, kind: "count-words", payload });
  const turns = { cron: "*/10 * * * *", timeZone: "UTC", skipIfRunning: true };
  return create(ScheduleSchema, { name: "words-of-the-readme", ...turns, spec });
}
