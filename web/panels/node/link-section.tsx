import { Code, ConnectError } from "@connectrpc/connect";
import { useQuery } from "@connectrpc/connect-query";
import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { FactRow, Facts } from "../../parts/card.tsx";
import { bytesText, countText, roundTripText, unknown } from "../../parts/measure.ts";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import { troubleOf } from "../../parts/trouble.ts";
import { breakerLook, trendOf } from "../link/breaker.ts";

const againMs = 15_000;

/** How the node is connected, as both ends know it. */
export function LinkSection({ node }: { node: Node }) {
  const { data, error } = useQuery(
    LinkService.method.getLink,
    { node: node.id },
    { refetchInterval: againMs },
  );
  const missing = error !== null && ConnectError.from(error).code === Code.NotFound;
  return (
    <Section title="Its link">
      {error !== null && (
        <p className="text-sm text-muted">
          {missing ? "Unknown: it has opened no link yet." : troubleOf(error).text}
        </p>
      )}
      {data?.link && <LinkFacts link={data.link} />}
    </Section>
  );
}

function LinkFacts({ link }: { link: Link }) {
  const { counts, terms } = link;
  const trend = trendOf(link);
  return (
    <Facts>
      <FactRow name="Connection">
        {link.live ? `live, ${countText(link.connections)} open` : "none now"}, opened{" "}
        <Ago at={link.openTime} />
      </FactRow>
      <FactRow name="Speaks">
        protocol {terms?.protocol ?? unknown}, {link.software || unknown}
        {terms && terms.capabilities.length > 0 && (
          <span className="block text-xs text-muted">{terms.capabilities.join(", ")}</span>
        )}
      </FactRow>
      <FactRow name="Mean of 64 trips">
        <span className="figures">
          {roundTripText(link.roundTripMeanUs)}
          {trend && `, ${trend.word}`}
        </span>
      </FactRow>
      <FactRow name="Messages">
        <span className="figures">
          {countText(counts?.messagesSent)} sent, {countText(counts?.messagesReceived)} received
        </span>
      </FactRow>
      <FactRow name="Bytes">
        <span className="figures">
          {bytesText(counts?.bytesSent)} sent, {bytesText(counts?.bytesReceived)} received
        </span>
      </FactRow>
      <FactRow name="Errors">
        <span className="figures">
          {countText(counts?.errors)}, {countText(counts?.consecutiveFailures)} in a row
        </span>
      </FactRow>
      <FactRow name="Breaker">
        {breakerLook(link.breaker).word}
        <span className="figures block text-xs text-muted">
          opened {countText(counts?.breakerOpens)} times, healed {countText(counts?.heals)}
        </span>
      </FactRow>
    </Facts>
  );
}
