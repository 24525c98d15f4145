import { useInfiniteQuery } from "@connectrpc/connect-query";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { countText } from "../../parts/measure.ts";
import { Empty } from "../../parts/note.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { Paged } from "../../parts/paged.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { LinkTable } from "./link-table.tsx";
import { PeerCard } from "./peer-card.tsx";

const pageSize = 500;
/** Counts change without an event; they are asked again while somebody looks. */
const againMs = 15_000;

function useLinks() {
  return useInfiniteQuery(
    LinkService.method.listLinks,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
      refetchInterval: againMs,
    },
  );
}

/** How the nodes are connected, and which hubs of other roots are trusted. */
export function LinkPage() {
  const { q = "" } = useSearch({ from: "/layout/link" });
  const navigate = useNavigate({ from: "/link" });
  const find = (words: string) =>
    void navigate({ search: (before) => ({ ...before, q: words || undefined }), replace: true });
  const list = useLinks();
  const links = list.data?.pages.flatMap((page) => page.links) ?? [];
  const found = links.filter(({ nodeName }) => nodeName.includes(q.toLowerCase().trim()));
  const live = links.filter((link) => link.live).length;
  return (
    <>
      <PageHead title="Links">
        {links.length > 0 && (
          <Badge ground="bg-online-ground" icon="online" text="text-online">
            {countText(live)} of {countText(links.length)}
            {list.hasNextPage && "+"} live
          </Badge>
        )}
        <span className="ml-auto">
          <SearchBox label="Find links" onChange={find} value={q} />
        </span>
      </PageHead>
      <PageBody>
        <Card title="Links of the nodes">
          <Paged label="Asking for the links" list={list}>
            {links.length === 0 ? (
              <Empty
                command="npx foedus node join INVITATION --data ./my-node"
                icon="link"
                title="No node has opened a link yet"
              >
                A node that joins agrees with the hub on a protocol and on what both can do, and
                then tells what passes between them.
              </Empty>
            ) : (
              <LinkTable links={found} />
            )}
          </Paged>
        </Card>
        <PeerCard />
      </PageBody>
    </>
  );
}
