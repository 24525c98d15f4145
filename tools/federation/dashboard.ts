import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { HubSession } from "./session.ts";

const timeoutMs = 10_000;

/**
 * What keeps the dashboard from working; undefined when page, assets and signed-in calls answer.
 */
export async function dashboardProblem(
  session: HubSession,
  webUrl: string,
): Promise<string | undefined> {
  const html = await fetchText(webUrl, "text/html");
  if (!html.includes('id="root"')) return "the page has no root element";
  const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, path = ""]) => path,
  );
  if (assets.length === 0) return "the page loads no assets";
  for (const path of assets) await fetchText(new URL(path, webUrl).href, "");
  const { status } = await session.as(HubService).getStatus({}, { timeoutMs });
  return status === undefined ? "the hub tells no status" : undefined;
}

async function fetchText(url: string, type: string): Promise<string> {
  // As a browser asks: what wants no page gets none for an unknown path.
  const headers = { accept: type === "" ? "*/*" : type };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
  const found = answer.headers.get("content-type") ?? "";
  if (!answer.ok || !found.startsWith(type)) {
    throw new Error(`${url} answers ${answer.status} ${found}`);
  }
  return answer.text();
}
