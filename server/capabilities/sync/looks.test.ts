import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { Looks } from "./looks.store.ts";

type Asked = Extract<LogRequest, { type: "look" }>;
type Looked = Extract<LogAnswer, { type: "look" }>;

const [one, other] = [tenantProved("one"), tenantProved("other")];
const reads = {} as Asked;

/** Transactions that begin when they are let, and how many looks each of them did. */
function counted() {
  const begun: { tenant: string; looks: number; go: () => void }[] = [];
  const storage = {
    async tenant<T>(tenant: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
      const { promise, resolve: go } = Promise.withResolvers<void>();
      const tx = { tenant, looks: 0, go };
      begun.push(tx);
      await promise;
      return await work(tx as unknown as TenantTx);
    },
  } as Pick<Storage, "tenant">;
  const look = (tx: TenantTx): Promise<Looked> => {
    (tx as unknown as { looks: number }).looks++;
    return Promise.resolve({ tenant: tx.tenant } as unknown as Looked);
  };
  return { looks: new Looks(storage), begun, look };
}

test("looks that come while one is under way share the next, each tenant's its own", async () => {
  const { looks, begun, look } = counted();
  const all = [one, one, one, other].map((tenant) => looks.look(tenant, reads, look));
  expect(begun.map(({ tenant }) => tenant)).toEqual(["one", "other"]);
  begun[0]?.go();
  await all[0];
  await expect.poll(() => begun.length).toBe(3);
  begun[1]?.go();
  begun[2]?.go();
  expect((await Promise.all(all)).map(({ tenant }) => tenant)).toEqual([
    "one",
    "one",
    "one",
    "other",
  ]);
  expect(begun.map((tx) => tx.looks)).toEqual([1, 1, 2]);
});

test("a look that may lock something goes by itself", async () => {
  const { looks, begun, look } = counted();
  const all = [{ child: "below" }, { parent: "above" }, {}].map((asked) =>
    looks.look(one, { ...reads, ...asked }, look),
  );
  expect(begun).toHaveLength(3);
  for (const { go } of begun) go();
  await Promise.all(all);
  expect(begun.map((tx) => tx.looks)).toEqual([1, 1, 1]);
});

test("a look that the database refuses costs none of those beside it", async () => {
  const { looks, begun, look } = counted();
  const first = looks.look(one, reads, look);
  const beside = [look, () => Promise.reject(new Error("no such text")), look];
  const settled = Promise.allSettled(beside.map((each) => looks.look(one, reads, each)));
  begun[0]?.go();
  await first;
  // Together, and then each of them alone.
  for (const at of [1, 2, 3, 4]) {
    await expect.poll(() => begun.length).toBe(at + 1);
    begun[at]?.go();
  }
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(begun).toHaveLength(5);
});

test("where the database is away nobody asks it one by one, and the next look asks anew", async () => {
  const { looks, begun, look } = counted();
  const away = () => Promise.reject(new Fault(Reason.DATABASE_UNREACHABLE, { detail: "away" }));
  const first = looks.look(one, reads, look);
  const failing = Promise.allSettled([away, look].map((each) => looks.look(one, reads, each)));
  begun[0]?.go();
  await first;
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.go();
  expect((await failing).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(begun).toHaveLength(2);
  const next = looks.look(one, reads, look);
  begun[2]?.go();
  expect((await next).tenant).toBe("one");
});
