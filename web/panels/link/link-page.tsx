import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { countText } from "../../parts/measure.ts";
import { Empty, TroubleNote } from "../../parts/note.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { useAllLinks } from "./all-links.ts";
import { LinkFigures } from "./link-figures.tsx";
import { LinkTable } from "./link-table.tsx";
import { PeerCard } from "./peer-card.tsx";

/** How the nodes are connected, and which hubs of other roots are trusted. */
export function LinkPage() {
  const { q = "" } = useSearch({ from: "/layout/link" });
  const navigate = useNavigate({ from: "/link" });
  const find = (words: string) =>
    void navigate({ search: (before) => ({ ...before, q: words || undefined }), replace: true });
  const answer = useAllLinks();
  const links = answer.data ?? [];
  const found = links.filter(({ nodeName }) => nodeName.includes(q.toLowerCase().trim()));
  return (
    <>
      <PageHead title="Links">
        {links.length > 0 && <LiveCount links={links} />}
        <span aria-live="polite" className="figures ml-auto text-xs text-muted">
          {found.length < links.length &&
            `Showing ${countText(found.length)} of ${countText(links.length)}`}
        </span>
        <SearchBox label="Find links" onChange={find} value={q} />
      </PageHead>
      <PageBody>
        <Card title="Links of the nodes">
          {answer.error !== null && (
            <div className="p-5">
              <TroubleNote error={answer.error} retry={() => void answer.refetch()} />
            </div>
          )}
          {answer.isPending && <Loading label="Asking for the links" lines={4} table />}
          {links.length > 0 && <LinkFigures links={links} />}
          {answer.data && <Found all={links.length} found={found} words={q} />}
        </Card>
        <PeerCard />
      </PageBody>
    </>
  );
}

/** How many of all the hub holds a connection of; one that is missing shows. */
function LiveCount({ links }: { links: readonly Link[] }) {
  const live = links.filter((link) => link.live).length;
  const whole = live === links.length;
  return (
    <Badge icon={whole ? "online" : "degraded"} tone={whole ? "online" : "degraded"}>
      {countText(live)} of {countText(links.length)} live
    </Badge>
  );
}

function Found({ all, found, words }: { all: number; found: readonly Link[]; words: string }) {
  if (all === 0) {
    return (
      <Empty
        command="npx foedus node join INVITATION --data ./my-node"
        icon="link"
        title="No node has opened a link yet"
      >
        A node that joins agrees with the hub on a protocol and on what both can do, and then tells
        what passes between them.
      </Empty>
    );
  }
  if (found.length === 0) {
    return (
      <Empty icon="search" small title="No link is called that">
        None of the {countText(all)} nodes has “{words.slice(0, 80)}” in its name.
      </Empty>
    );
  }
  return <LinkTable links={found} />;
}
