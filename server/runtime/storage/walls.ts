import type { Rows } from "@foedus/gen/rows";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { hubTenant } from "@foedus/kernel/tenant.ts";
import { sql, type Kysely } from "kysely";
import type { Storage } from "./storage.ts";

/**
 * Looks at the database before anything is served: row-level security is the second lock between
 * tenants, and a lock that nobody tries is no lock.
 *
 * @throws Fault WALLS_BROKEN when a role may pass the walls, or a table has none.
 */
export async function checkWalls(storage: Storage): Promise<void> {
  const problems = [
    ...(await storage.tenant(hubTenant, async (tx) => await roleProblems(tx.sql, "foedus_app"))),
    ...(await storage.sweep(async (tx) => await roleProblems(tx.sql, "foedus_sweep"))),
    ...(await storage.sweep(async (tx) => await tableProblems(tx.sql))),
  ];
  const [problem] = problems;
  if (problem !== undefined) throw new Fault(Reason.WALLS_BROKEN, { problem });
}

/** What lets the role of this connection, which should be the named one, see too much. */
async function roleProblems(database: Kysely<Rows>, wanted: string): Promise<string[]> {
  const result = await sql<{ name: string; passes: boolean; owner: boolean }>`
    select r.rolname as name, r.rolsuper or r.rolbypassrls as passes,
           pg_has_role(r.oid, 'foedus_owner', 'member') as owner
    from pg_roles r where r.rolname = current_user`.execute(database);
  const [role] = result.rows;
  if (role?.name !== wanted) return [`the connection is ${role?.name}, not ${wanted}`];
  return [
    ...(role.passes ? [`${wanted} is a superuser or has BYPASSRLS`] : []),
    ...(role.owner ? [`${wanted} may act as foedus_owner`] : []),
  ];
}

/** Tables that are not behind a wall. Partitions are reached through their parents only. */
export async function tableProblems(database: Kysely<Rows>): Promise<string[]> {
  const { rows } = await sql<TableRow>`
    select c.relname as name, c.relispartition as part, pg_get_userbyid(c.relowner) as owner,
           c.relrowsecurity and c.relforcerowsecurity as forced,
           exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_wall'
             and pg_get_expr(p.polqual, p.polrelid) like '%app.tenant%') as walled,
           exists (select from pg_policy p where p.polrelid = c.oid and p.polname <> 'tenant_wall'
             and p.polroles && array[0::oid, 'foedus_app'::regrole]) as doored,
           has_table_privilege('foedus_app', c.oid, 'select, insert, update, delete')
             or has_table_privilege('foedus_sweep', c.oid, 'select, insert, update, delete') as open,
           (select a.attname from pg_index i join pg_attribute a
              on a.attrelid = c.oid and a.attnum = i.indkey[0]
             where i.indrelid = c.oid and i.indisprimary) as first_key
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by c.relname`.execute(database);
  return rows.flatMap((row) => problemsOf(row).map((problem) => `${row.name} ${problem}`));
}

interface TableRow {
  readonly name: string;
  readonly part: boolean;
  readonly owner: string;
  readonly forced: boolean;
  readonly walled: boolean;
  readonly doored: boolean;
  readonly open: boolean;
  readonly first_key: string | null;
}

function problemsOf(row: TableRow): string[] {
  // The migrator's own tables belong to no tenant: nobody who serves may read them.
  if (row.part || row.name.startsWith("kysely_")) {
    return row.open ? ["can be read past its wall"] : [];
  }
  return [
    ...(row.owner === "foedus_owner" ? [] : [`belongs to ${row.owner}, not to foedus_owner`]),
    ...(row.forced ? [] : ["has no forced row-level security"]),
    ...(row.walled ? [] : ["has no policy that asks for the tenant"]),
    ...(row.doored ? ["has a second policy for foedus_app"] : []),
    ...(row.first_key === "tenant_id"
      ? []
      : ["has a primary key that does not begin with tenant_id"]),
  ];
}
