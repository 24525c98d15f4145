import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import { rethrowFault } from "../../runtime/storage/fault.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { KnownCertificate } from "./directory.ts";
import { identityOf } from "./identity.rows.store.ts";

/** An identity with the certificates of it that are still valid. */
export interface Known {
  readonly tenant: TenantId;
  readonly identity: Identity;
  readonly certificates: readonly KnownCertificate[];
}

/** Reading identities of all tenants, for the directory of this process. */
export function directoryStore({ sweeper, nowMs }: Pick<Storage, "sweeper" | "nowMs">) {
  /** Undefined takes all that hold a valid certificate. */
  async function read(only: { tenant: string; nodeId: string } | undefined): Promise<Known[]> {
    const now = BigInt(nowMs());
    let identities = sweeper.selectFrom("identity").select(["tenant_id", "node_id", "body"]);
    let certificates = sweeper
      .selectFrom("certificate")
      .select(["tenant_id", "node_id", "serial", "expire_ms"])
      .where("expire_ms", ">", now);
    if (only === undefined) {
      identities = identities.where("certificate_expire_ms", ">", now);
    } else {
      const { tenant, nodeId } = only;
      identities = identities.where("tenant_id", "=", tenant).where("node_id", "=", nodeId);
      certificates = certificates.where("tenant_id", "=", tenant).where("node_id", "=", nodeId);
    }
    const rows = await identities.execute().catch(rethrowFault);
    const issued = await certificates.execute().catch(rethrowFault);
    const byNode = Map.groupBy(issued, (row) => `${row.tenant_id}/${row.node_id}`);
    return rows.map((row) => {
      const own = byNode.get(`${row.tenant_id}/${row.node_id}`) ?? [];
      return {
        tenant: tenantProved(row.tenant_id),
        identity: identityOf(row),
        certificates: own.map(({ serial, expire_ms }) => ({ serial, expireMs: Number(expire_ms) })),
      };
    });
  }
  return {
    /** All who hold a valid certificate, revoked ones included. */
    readValid: () => read(undefined),
    /** One node; undefined when there is none. */
    async readNode(tenant: string, nodeId: string): Promise<Known | undefined> {
      const [known] = await read({ tenant, nodeId });
      return known;
    },
    /** Forgets certificates that ended before an instant; returns how many. */
    async forgetCertificates(beforeMs: number): Promise<number> {
      const result = await sweeper
        .deleteFrom("certificate")
        .where("expire_ms", "<", BigInt(beforeMs))
        .executeTakeFirst()
        .catch(rethrowFault);
      return Number(result.numDeletedRows);
    },
  };
}

/** Reading identities of all tenants. */
export type DirectoryStore = ReturnType<typeof directoryStore>;
