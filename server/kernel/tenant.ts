declare const proof: unique symbol;

/** A tenant that somebody proved to speak for; it cannot be made from a bare string elsewhere. */
export type TenantId = string & { readonly [proof]: "tenant" };

/** The tenant of the hub's own rows. */
export const hubTenant = "hub" as TenantId;

const shape = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The tenant that a certificate, a session, the config or a row of our own names. Only code that
 * has checked one of these may call it; the architecture test lists who does.
 */
export function tenantProved(name: string): TenantId {
  if (!shape.test(name)) throw new Error(`"${name}" is not a tenant's name`);
  return name as TenantId;
}
