import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { FactRow, Facts } from "../../parts/card.tsx";
import { roleName } from "../../parts/may.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { openableUrl } from "./openable.ts";

const told = ["project", "environment", "team", "domain", "version", "software"] as const;

/** What the node is by its own word, and the role that the hub judges its calls by. */
export function ProfileSection({ node }: { node: Node }) {
  const { profile } = node;
  const url = openableUrl(profile?.url ?? "");
  return (
    <Section title="What it is">
      <Facts>
        <FactRow name="Role here">{roleName(node.role)}</FactRow>
        {told.map((key) =>
          profile?.[key] ? (
            <FactRow key={key} name={`${key.slice(0, 1).toUpperCase()}${key.slice(1)}`}>
              <Name text={profile[key]} />
            </FactRow>
          ) : null,
        )}
        {url !== undefined && (
          <FactRow name="Open it">
            <a
              className="block truncate text-accent underline underline-offset-4"
              href={url}
              rel="noreferrer noopener"
              target="_blank"
            >
              <bdi>{url}</bdi>
            </a>
          </FactRow>
        )}
      </Facts>
    </Section>
  );
}
