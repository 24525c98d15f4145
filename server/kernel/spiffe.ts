/** A parsed SPIFFE id. */
export interface SpiffeId {
  readonly trustDomain: string;
  readonly segments: readonly string[];
}

const idBytesMax = 2048;
const domainShape = /^[a-z0-9._-]{1,255}$/;
const segmentShape = /^[a-z0-9._-]+$/;

/**
 * Reads a SPIFFE id strictly (SPIFFE-ID, section 2): lower case, no empty, `.` or `..` segment, no
 * port, query, fragment or percent sign. Undefined for anything else; it never throws.
 */
export function parseSpiffe(text: string): SpiffeId | undefined {
  if (text.length > idBytesMax || !text.startsWith("spiffe://")) return undefined;
  const [trustDomain = "", ...segments] = text.slice("spiffe://".length).split("/");
  if (!domainShape.test(trustDomain) || segments.length === 0) return undefined;
  const fair = (segment: string) =>
    segmentShape.test(segment) && segment !== "." && segment !== "..";
  return segments.every(fair) ? { trustDomain, segments } : undefined;
}

/** spiffe://<domain>/tenant/<tenant>/node/<node>. */
export function nodeSpiffe(trustDomain: string, tenant: string, nodeId: string): string {
  return `spiffe://${trustDomain}/tenant/${tenant}/node/${nodeId}`;
}

/** spiffe://<domain>/hub/<hub>. */
export function hubSpiffe(trustDomain: string, hubId: string): string {
  return `spiffe://${trustDomain}/hub/${hubId}`;
}

/** Tenant and node of a node's id; undefined when it is another kind of id. */
export function nodeOfSpiffe(id: SpiffeId): { tenant: string; nodeId: string } | undefined {
  const [tenantWord, tenant, nodeWord, nodeId, ...rest] = id.segments;
  if (tenantWord !== "tenant" || nodeWord !== "node" || rest.length > 0) return undefined;
  return tenant === undefined || nodeId === undefined ? undefined : { tenant, nodeId };
}

/** The hub of a hub's id; undefined when it is another kind of id. */
export function hubOfSpiffe(id: SpiffeId): string | undefined {
  const [hubWord, hubId, ...rest] = id.segments;
  return hubWord === "hub" && rest.length === 0 ? hubId : undefined;
}

/** Whether a source is a hub of this very domain: what peers tell stands in the log as well. */
export function isHubOf(trustDomain: string, source: string): boolean {
  const id = parseSpiffe(source);
  return id?.trustDomain === trustDomain && hubOfSpiffe(id) !== undefined;
}
