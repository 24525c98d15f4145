// Workers of clients/python and clients/go, and a hub that gives them more than they have room for.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { WorkService } from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { capabilities } from "../../server/capabilities.ts";
import { column } from "../support/column.ts";
import { startLocalHub } from "../support/hub.local.ts";
import { freely, personOf } from "../support/joined.ts";
import { assigned, receipt, workEnd } from "../support/worked.ts";
import { peerLanguages, startPeer, type Joinable, type PeerLanguage } from "./peers/peer.ts";

const eachMs = 300_000;
const leaseMs = eachMs;
const beatEvery = { case: "beatEvery", value: durationFromMs(leaseMs) } as const;

/** A hub in this process whose part in what workers do is the test's. */
async function scriptedHub(): Promise<Joinable & ReturnType<typeof workEnd>> {
  const end = workEnd();
  const others = capabilities.filter(({ name }) => name !== "task");
  const scripted = column(WorkService, { work: end.work });
  const local = await startLocalHub({ values: freely, capabilities: [...others, scripted] });
  onTestFinished(() => local.stop());
  const folder = mkdtempSync(join(tmpdir(), "foedus-peers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const owner = local.hub.calls.as(IdentityService, personOf(Role.ADMIN));
  const token = async (name: string) => {
    const { secret } = await owner.createToken({ requestId: randomUUID(), name });
    return { secret, invitation: local.running.status().invitation };
  };
  return {
    ...end,
    folder: (name) => join(folder, name),
    invitation: () => local.running.status().invitation,
    session: () => ({ token }),
  };
}

/** A worker with one hand, and the hub it has come to. */
async function handedOne(language: PeerLanguage) {
  const hub = await scriptedHub();
  const peer = await startPeer(language, hub, "peer", "taskpeer");
  peer.ask({ do: "work", queue: "q", concurrency: 1 });
  await expect.poll(hub.heard).toContain("worker");
  hub.say(beatEvery);
  await expect.poll(hub.heard).toContain("room 1");
  const give = (task: string, kind: string) => hub.say(assigned(task, leaseMs, kind));
  const take = async (task: string, word: string) => {
    await expect.poll(hub.heard).toContain(`${task}:${word}`);
    hub.say(receipt(task, Verdict.TAKEN, leaseMs));
  };
  const told = (did: string, task: string) =>
    peer.until((said) => said.did === did && said.task === task);
  const took = () => peer.said.filter(({ did }) => did === "took").map(({ task }) => task);
  return { hub, peer, give, take, told, took };
}

describe.each(peerLanguages)("$name", (language) => {
  test.runIf(language.isAtHand())(
    "what comes while a handler goes on whose hold is over is given back",
    async () => {
      const { hub, peer, give, take, told, took } = await handedOne(language);
      give("task_1", "stubborn");
      await told("took", "task_1");
      hub.say(receipt("task_unknown", Verdict.LOST));
      hub.say(receipt("task_1", Verdict.LOST));
      await told("lost", "task_1");
      await expect.poll(() => hub.heard().at(-1)).toBe("room 0");
      give("task_2", "echo");
      await take("task_2", "returned");
      peer.ask({ do: "release" });
      await expect.poll(() => hub.heard().at(-1)).toBe("room 1");
      give("task_3", "echo");
      await take("task_3", "result");
      await told("done", "task_3");
      expect(took()).toEqual(["task_1", "task_3"]);
      await peer.stop();
    },
    eachMs,
  );

  test.runIf(language.isAtHand())(
    "what comes while it drains is given back, and what it does is finished",
    async () => {
      const { hub, peer, give, take, took } = await handedOne(language);
      give("task_1", "stubborn");
      await take("task_1", "progress");
      peer.ask({ do: "drain", seconds: 60 });
      await expect.poll(hub.heard).toContain("room 0");
      give("task_2", "echo");
      await take("task_2", "returned");
      peer.ask({ do: "release" });
      await take("task_1", "result");
      expect(await peer.until(({ did }) => did === "drained")).toMatchObject({ whole: true });
      expect(took()).toEqual(["task_1"]);
      await peer.stop();
    },
    eachMs,
  );
});
