import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  QueueSettingsSchema,
  type QueueSettings,
} from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { TaskSpecSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "../fault.ts";
import { rateMax } from "./limits.ts";
import { completeSpec } from "./spec.ts";

/**
 * How a queue is run after some fields of its settings were set; the others stay.
 *
 * @throws Fault TASK_SETTINGS_INVALID for a field that is none or a rate beyond all limits;
 * TASK_SPEC_INVALID for defaults that no task can have.
 */
export function settingsWith(
  known: QueueSettings | undefined,
  wanted: QueueSettings,
  fields: readonly string[],
): QueueSettings {
  const next = create(QueueSettingsSchema, known);
  for (const name of fields) {
    const field = QueueSettingsSchema.fields.find((each) => each.name === name);
    if (field === undefined) {
      throw new Fault(Reason.TASK_SETTINGS_INVALID, { detail: `there is no field ${name}` });
    }
    const key = field.localName as keyof QueueSettings;
    Object.assign(next, { [key]: wanted[key] });
  }
  if (next.paused || next.pauseReason === "") return checked(next);
  return checked({ ...next, pauseReason: "" });
}

/** Defaults are judged as those of a task that says nothing. */
function checked(settings: QueueSettings): QueueSettings {
  const { perMinute = 0, burst = 0 } = settings.rate ?? {};
  if (Math.max(perMinute, burst) > rateMax) {
    const detail = `rate.per_minute and rate.burst are at most ${rateMax}`;
    throw new Fault(Reason.TASK_SETTINGS_INVALID, { detail });
  }
  completeSpec(create(TaskSpecSchema), settings, 0);
  return settings;
}
