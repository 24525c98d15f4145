import { PageBody } from "../../parts/page.tsx";
import { CollectionCard } from "./collection-card.tsx";
import { GrantCard } from "./grant-card.tsx";
import { PeerCard } from "./peer-card.tsx";

/** What is declared, what is granted, and who goes on with whom: who may hold which streams. */
export function RulesTab() {
  return (
    <PageBody>
      <CollectionCard />
      <GrantCard />
      <PeerCard />
    </PageBody>
  );
}
