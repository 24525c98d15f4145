import type { ClientBase } from "pg";

/** A table of the hub's database. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** The days a log has partitions for, e.g. "2026-11-21". */
  readonly days: readonly string[];
}

/**
 * The hub's tables by name; partitions belong to their parents, and the migrator's are not ours.
 */
export async function listTables(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select c.relname as name,
           array(select a.attname::text from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                 order by a.attnum) as columns,
           array(select to_char(to_date(right(p.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD')
                 from pg_inherits i join pg_class p on p.oid = i.inhrelid
                 where i.inhparent = c.oid and p.relname ~ '_log_[0-9]{8}$'
                 order by 1) as days
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relispartition and c.relname not like 'kysely\\_%'
    order by c.relname`);
  return rows;
}

/** The newest migration that was carried out; undefined for a database without any. */
export async function lastMigration(client: ClientBase): Promise<string | undefined> {
  const known = await client.query("select to_regclass('kysely_migration') is not null as there");
  if (!(known.rows as { there: boolean }[])[0]?.there) return undefined;
  const { rows } = await client.query<{ name: string }>(
    "select name from kysely_migration order by name desc limit 1",
  );
  return rows[0]?.name;
}

/** The first table that holds a row; as foedus_owner, who sees all of them. */
export async function firstFilled(client: ClientBase): Promise<string | undefined> {
  for (const { name } of await listTables(client)) {
    const { rows } = await client.query(`select 1 from ${client.escapeIdentifier(name)} limit 1`);
    if (rows.length > 0) return name;
  }
  return undefined;
}
