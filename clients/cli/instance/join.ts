import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { FoedusError } from "@foedus/sdk/error.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import { isPassing } from "@foedus/sdk/wire/persist.ts";
import { folderStore } from "@foedus/sdk/store/folder.ts";
import { hasJoined } from "@foedus/sdk/membership/membership.ts";
import type { CliContext } from "../context.ts";
import { tellWaiting } from "../node/waiting.ts";
import { readSecret } from "../secret.ts";

/** How a node is to join, if it has not. */
export interface JoinWish {
  readonly folder: string;
  readonly name: string;
  readonly invitation?: string;
  readonly tokenFile?: string;
}

/** How long a hub that is still starting is waited for. */
const againMs = 1_000;

/** Joins unless the folder's node did so before; waits for a hub that cannot be reached yet. */
export async function joinOnce(wish: JoinWish, context: CliContext): Promise<void> {
  const { folder, invitation, name } = wish;
  const { print, signal, world } = context;
  const joined = await hasJoined(folderStore(folder));
  if (invitation === undefined) {
    if (joined) return;
    throw new Fault(Reason.NOT_JOINED, { place: folder });
  }
  const token = joined ? undefined : await readToken(context, wish.tokenFile);
  const waiting = tellWaiting(context);
  for (;;) {
    try {
      const node = await joinHub({ invitation, token, name, folder, world, signal, waiting });
      if (!node.already) print.note(`${node.name}: joined ${node.tenant} as ${node.nodeId}`);
      return;
    } catch (error) {
      if (!(error instanceof FoedusError) || !isPassing(error)) throw error;
      if (joined) return;
      print.note(`${name}: ${error.message}; trying again`);
      await world.timers.sleep(againMs, signal);
      signal.throwIfAborted();
    }
  }
}

/** Undefined without one: the hub may admit by invitation alone, or say that it does not. */
async function readToken(
  context: CliContext,
  file: string | undefined,
): Promise<string | undefined> {
  const token = await readSecret(context, { file, question: "Join token: " });
  return token === "" ? undefined : token;
}
