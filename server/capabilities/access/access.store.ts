import type { AccessMode, AccessSettings } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessSettingsSchema } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { decide } from "../../runtime/storage/decide.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { setMode } from "./access.ts";
import { loadSettings, raise, saveSettings } from "./standing.store.ts";

/** Changes the mode: who was judged by the old one and has not joined is judged anew. */
export async function changeMode(
  storage: Storage,
  write: Write,
  wish: { readonly mode: AccessMode; readonly reason: string },
): Promise<AccessSettings> {
  return await decide(storage, write, AccessSettingsSchema, async (tx) => {
    const revision = await raise(tx);
    const made = { revision, by: write.caller.id, nowMs: tx.nowMs };
    const { next, facts } = setMode(await loadSettings(tx), wish, made);
    await saveSettings(tx, next);
    return { answer: next, facts, object: "access" };
  });
}
