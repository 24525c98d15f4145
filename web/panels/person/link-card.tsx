import { useMutation } from "@connectrpc/connect-query";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { newRequestId } from "../../parts/clock.ts";
import { Command } from "../../parts/copy.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useMay } from "../../shell/session.tsx";

/** A link for another browser of one's own. */
export function LinkCard() {
  const may = useMay(PersonService.method.createLink);
  const create = useMutation(PersonService.method.createLink);
  return (
    <Card
      aside={
        <Button
          busy={create.isPending}
          icon="link"
          onClick={() => create.mutate({ requestId: newRequestId() })}
          {...(may.allowed ? {} : { refusal: may.why })}
        >
          Make a link
        </Button>
      }
      title="Sign in another browser"
    >
      <div className="flex flex-col gap-3 p-5 text-sm text-muted">
        <p>
          A link signs one browser in, once. Whoever opens it is you, so send it to nobody.
          {!may.allowed && ` ${may.why}`}
        </p>
        {create.error !== null && <TroubleNote error={create.error} />}
        {create.data && <Command label="Copy" text={create.data.link} />}
      </div>
    </Card>
  );
}
