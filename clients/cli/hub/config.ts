import { create } from "@bufbuild/protobuf";
import type { ConfigEntry } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { GetConfigResponseSchema, HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { planConfig } from "../../../server/plan.ts";
import type { CliContext } from "../context.ts";
import { failureOf } from "../failure.ts";
import { dim, strong, type Piece } from "../paint.ts";

/** What the running hub uses; with flags, or without a hub, what one started so would use. */
export async function showConfig(context: CliContext, flags: readonly string[]): Promise<void> {
  const { print } = context;
  const told = flags.length === 0 ? await runningConfig(context) : undefined;
  const entries = told ?? plannedConfig(context, flags);
  const answer = create(GetConfigResponseSchema, { entries: [...entries] });
  await print.answer(GetConfigResponseSchema, answer, async () => {
    if (told === undefined) print.note("No hub was asked: this is what one started so would use.");
    await print.table(["FIELD", "VALUE", "FROM", "WHAT IT IS"], entries.map(rowOf));
  });
}

/** Undefined where no hub runs: then there is something to tell all the same. */
async function runningConfig(context: CliContext): Promise<ConfigEntry[] | undefined> {
  try {
    const hub = await context.hub();
    return (await hub.as(HubService).getConfig({}, hub.call)).entries;
  } catch (thrown) {
    const absent = [Reason.NO_SESSION, Reason.HUB_UNREACHABLE];
    const failure = await failureOf(thrown);
    if (failure !== undefined && absent.includes(failure.reason)) return undefined;
    throw thrown;
  }
}

function plannedConfig(context: CliContext, flags: readonly string[]): readonly ConfigEntry[] {
  const place = context.named === undefined ? [] : ["--data", context.named];
  try {
    return planConfig([...place, ...flags], context.environment).entries;
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.facts.field !== "command line") throw thrown;
    const { problem = "" } = thrown.facts;
    throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus hub config" });
  }
}

function rowOf({ field, value, source, comment }: ConfigEntry): Piece[] {
  const isDefault = source === "default";
  return [field, isDefault ? value : strong(value), isDefault ? dim(source) : source, dim(comment)];
}
