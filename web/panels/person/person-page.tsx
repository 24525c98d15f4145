import { Button } from "../../parts/button.tsx";
import { Card, FactRow, Facts } from "../../parts/card.tsx";
import { hubOffsetMs } from "../../parts/hub-clock.ts";
import { roleName } from "../../parts/may.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { spanText } from "../../parts/span.ts";
import { Ago } from "../../parts/time.tsx";
import { useSession } from "../../shell/session.tsx";
import { LinkCard } from "./link-card.tsx";
import { useSignOut } from "./use-sign-out.ts";

/** Who is signed in, and how to leave. */
export function PersonPage() {
  const { signOut, isPending, error } = useSignOut();
  return (
    <>
      <PageHead
        aside={
          <Button busy={isPending} icon="out" onClick={signOut}>
            Sign out
          </Button>
        }
        title="You"
      />
      <PageBody>
        {error !== null && <TroubleNote error={error} />}
        <PersonCard />
        <LinkCard />
      </PageBody>
    </>
  );
}

function PersonCard() {
  const { person, session, tenant, trustDomain } = useSession();
  return (
    <Card title="Who you are here">
      <div className="px-5 py-2">
        <Facts>
          <FactRow name="Name">
            <Name text={person?.displayName || (person?.id ?? "unknown")} />
          </FactRow>
          <FactRow name="Role">{person ? roleName(person.role) : "unknown"}</FactRow>
          <FactRow name="Tenant">
            <Name text={tenant} />
          </FactRow>
          <FactRow name="Trust domain">
            <Name text={trustDomain} />
          </FactRow>
          <FactRow name="Signed in">
            <Ago at={session?.createTime} />
          </FactRow>
          <FactRow name="Session ends">
            <Ago at={session?.expireTime} /> if you do not use it
          </FactRow>
          <FactRow name="This browser">{clockText()}</FactRow>
        </Facts>
      </div>
    </Card>
  );
}

function clockText(): string {
  const offset = hubOffsetMs();
  if (offset === 0) return "its clock agrees with the hub's";
  const way = offset > 0 ? "behind" : "ahead of";
  return `its clock is ${spanText(Math.abs(offset))} ${way} the hub's; ages are told by the hub's`;
}
