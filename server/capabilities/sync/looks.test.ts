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

test("a look that fails ends those beside it, and no later one", async () => {
  const { looks, begun, look } = counted();
  const failing = looks.look(one, reads, () => Promise.reject(new Error("no database")));
  begun[0]?.go();
  await expect(failing).rejects.toThrow("no database");
  const next = looks.look(one, reads, look);
  begun[1]?.go();
  expect((await next).tenant).toBe("one");
});
