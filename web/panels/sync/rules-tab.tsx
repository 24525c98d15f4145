import { PageBody } from "../../parts/page.tsx";
import { CollectionCard } from "./collection-card.tsx";
import { GrantCard } from "./grant-card.tsx";

/** What is declared and what is granted: who may hold which streams. */
export function RulesTab() {
  return (
    <PageBody>
      <CollectionCard />
      <GrantCard />
    </PageBody>
  );
}
