import { useInfiniteQuery } from "@connectrpc/connect-query";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Collection } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { countText } from "../../parts/measure.ts";
import { Name } from "../../parts/name.tsx";
import { Empty } from "../../parts/note.tsx";
import { Paged } from "../../parts/paged.tsx";
import { Cell, type Column, Table } from "../../parts/table.tsx";
import { useMay } from "../../shell/session.tsx";
import { CollectionDialog } from "./collection-dialog.tsx";

const columns: readonly Column[] = [
  { key: "name", title: "Collection" },
  { key: "zone", title: "Zone" },
  { key: "lane", title: "Lane", right: true, width: 5 },
  { key: "partitions", title: "Partitions" },
  { key: "revisions", title: "Revisions" },
  { key: "actions", title: "", right: true },
];
const pageSize = 100;

/** Collections whose shape is declared; others take any partition and revision. */
export function CollectionCard() {
  const may = useMay(CollectionService.method.declareCollection);
  const [asking, setAsking] = useState<Collection | "new">();
  const { list, shown } = useCollections();
  const refusal = may.allowed ? {} : { refusal: may.why };
  return (
    <Card
      aside={
        <Button icon="plus" onClick={() => setAsking("new")} {...refusal}>
          Declare a collection
        </Button>
      }
      title="Declared collections"
    >
      <Paged label="Asking for the collections" list={list} shown={shown.length}>
        {shown.length === 0 ? (
          <Empty command="npx foedus sync declare notes" icon="sync" small title="None is declared">
            Every collection is taken as its writers make it. A declared one is taken only in its
            zone and lane, with its partitions, and by the revisions it names.
          </Empty>
        ) : (
          <Table caption="Declared collections" columns={columns}>
            {shown.map((collection) => (
              <CollectionRow
                collection={collection}
                key={collection.name}
                onChange={() => setAsking(collection)}
                {...refusal}
              />
            ))}
          </Table>
        )}
      </Paged>
      {asking !== undefined && (
        <CollectionDialog
          onClose={() => setAsking(undefined)}
          {...(asking !== "new" && { before: asking })}
        />
      )}
    </Card>
  );
}

function CollectionRow(props: { collection: Collection; onChange: () => void; refusal?: string }) {
  const { collection, onChange, refusal } = props;
  const { name, zone, lane, partitions } = collection;
  return (
    <tr>
      <Cell>
        <Name className="max-w-60 font-medium" text={name} />
      </Cell>
      <Cell>
        <span className="font-mono text-xs">{zone}</span>
      </Cell>
      <Cell right>{lane}</Cell>
      <Cell>
        <span
          className="block max-w-72 truncate text-xs"
          title={partitions.slice(0, 50).join(", ")}
        >
          {partitions.length === 0
            ? "not divided"
            : `${countText(partitions.length)}: ${partitions.slice(0, 8).join(", ")}`}
        </span>
      </Cell>
      <Cell>{revisionsText(collection)}</Cell>
      <Cell right>
        <Button onClick={onChange} small tone="quiet" {...(refusal !== undefined && { refusal })}>
          Change …
        </Button>
      </Cell>
    </tr>
  );
}

/** Which revisions of the schema are taken. */
export function revisionsText({ revisionMin, revisionMax }: Collection): string {
  if (revisionMax === 0) return revisionMin === 0 ? "any" : `from ${revisionMin} on`;
  return revisionMin === revisionMax ? `only ${revisionMin}` : `${revisionMin} to ${revisionMax}`;
}

function useCollections() {
  const list = useInfiniteQuery(
    CollectionService.method.listCollections,
    { page: { size: pageSize, token: "" } },
    {
      pageParamKey: "page",
      getNextPageParam: ({ nextPageToken: token }) =>
        token === "" ? undefined : { size: pageSize, token },
    },
  );
  return { list, shown: list.data?.pages.flatMap(({ collections }) => collections) ?? [] };
}
