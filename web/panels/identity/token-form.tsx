import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { roleChoices } from "../../parts/may.ts";
import { TroubleNote } from "../../parts/note.tsx";

/** What kind of token is wanted. */
export interface TokenWish {
  readonly name: string;
  readonly role: Role;
  readonly seconds: number;
}

const lifetimes = [
  { value: "900", word: "15 minutes" },
  { value: "3600", word: "1 hour" },
  { value: "86400", word: "24 hours" },
];

interface TokenFormProps {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onCreate: (wish: TokenWish) => void;
}

/** Asks whom the token is to admit, as what, and for how long. */
export function TokenForm({ busy, error, onCreate }: TokenFormProps) {
  const [wish, setWish] = useState<TokenWish>({ name: "", role: Role.MEMBER, seconds: 900 });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onCreate(wish);
      }}
    >
      <TextField
        hint="Lower-case letters, digits and dashes. Empty lets the node choose."
        label="The only name it may take"
        lengthMax={63}
        onChange={(name) => setWish({ ...wish, name })}
        pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
        value={wish.name}
      />
      <div className="grid grid-cols-2 gap-4">
        <SelectField
          label="Its role"
          onChange={(role) => setWish({ ...wish, role: Number(role) })}
          options={roleChoices}
          value={String(wish.role)}
        />
        <SelectField
          label="Admits for"
          onChange={(seconds) => setWish({ ...wish, seconds: Number(seconds) })}
          options={lifetimes}
          value={String(wish.seconds)}
        />
      </div>
      {error !== null && <TroubleNote error={error} />}
      <div className="flex justify-end">
        <Button busy={busy} icon="plus" tone="strong" type="submit">
          Make the token
        </Button>
      </div>
    </form>
  );
}
