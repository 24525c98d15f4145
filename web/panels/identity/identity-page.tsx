import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { PageBody, PageHead } from "../../parts/page.tsx";
import { useMay } from "../../shell/session.tsx";
import { IdentityCard } from "./identity-card.tsx";
import { TokenCard } from "./token-card.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** Who may join, and who did. */
export function IdentityPage() {
  const [creating, setCreating] = useState(false);
  const create = useMay(IdentityService.method.createToken);
  return (
    <>
      <PageHead
        aside={
          <Button
            icon="plus"
            onClick={() => setCreating(true)}
            tone="strong"
            {...(create.allowed ? {} : { refusal: create.why })}
          >
            New join token
          </Button>
        }
        title="Identities"
      />
      <PageBody>
        <TokenCard />
        <IdentityCard />
      </PageBody>
      {creating && <TokenDialog onClose={() => setCreating(false)} />}
    </>
  );
}
