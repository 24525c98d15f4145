import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { CheckField, TextField } from "../../parts/field.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useMay, useSession } from "../../shell/session.tsx";
import { useSaveView, viewNameMax } from "./use-views.ts";
import { pathMax } from "./view-address.ts";

/** Keeps the present page under a name. */
export function SaveViewForm({ address }: { address: string }) {
  const { tenant } = useSession();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const mayShare = useMay(PersonService.method.saveView, Role.MEMBER);
  const { save, act } = useSaveView(() => setName(""));
  const tooLong = address.length > pathMax;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const wish = { name: name.trim(), path: address, shared: shared && mayShare.allowed };
        if (wish.name !== "" && !tooLong) act(wish);
      }}
    >
      <div className="flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <TextField
            label="Save this page as"
            lengthMax={viewNameMax}
            onChange={setName}
            required
            value={name}
          />
        </div>
        <Button
          busy={save.isPending}
          tone="strong"
          type="submit"
          {...(tooLong && { refusal: "This address is longer than the hub keeps: choose less." })}
        >
          Save
        </Button>
      </div>
      <p className="truncate font-mono text-xs text-muted" title={address}>
        {address}
      </p>
      <CheckField
        checked={shared && mayShare.allowed}
        hint={mayShare.why || `Everybody in the tenant ${tenant} sees it; only you change it.`}
        label="Share it"
        onChange={setShared}
      />
      <Outcome error={save.error} name={name === "" ? save.data?.view?.name : undefined} />
    </form>
  );
}

/** What became of it; `name` is that of the view that was saved last. */
function Outcome({ name, error }: { name: string | undefined; error: unknown }) {
  return (
    <>
      <p aria-live="polite" className="text-sm text-online empty:hidden">
        {name !== undefined && (
          <>
            Saved <bdi>{name}</bdi>.
          </>
        )}
      </p>
      {error !== null && <TroubleNote error={error} />}
    </>
  );
}
