import { useQuery } from "@connectrpc/connect-query";
import type { GetEventResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { FactRow, Facts } from "../../parts/card.tsx";
import { Loading } from "../../parts/loading.tsx";
import { roleName } from "../../parts/may.ts";
import { Name } from "../../parts/name.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { Ago } from "../../parts/time.tsx";

/** Whose key signed it, as the hub's register of identities has it now. */
export function Signer(props: { answer: GetEventResponse; source: string; isHub: boolean }) {
  const { answer, source, isHub } = props;
  if (isHub) {
    return (
      <p className="text-sm text-muted">
        Told by a hub and signed by its key, which is shown above; no certificate of a node stands
        behind it.
      </p>
    );
  }
  return <OfNode answer={answer} nodeId={source.split("/").at(-1) ?? ""} />;
}

function OfNode({ answer, nodeId }: { answer: GetEventResponse; nodeId: string }) {
  const found = useQuery(IdentityService.method.listIdentities, { nodeIds: [nodeId] });
  if (found.error !== null) {
    return <TroubleNote error={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data === undefined) return <Loading label="Asking whose key it is" lines={5} />;
  const [identity] = found.data.identities;
  return identity === undefined ? (
    <p className="text-sm text-muted">This hub has no identity of the source.</p>
  ) : (
    <Certificate identity={identity} publicKey={answer.publicKey} />
  );
}

function Certificate({ identity, publicKey }: { identity: Identity; publicKey: Uint8Array }) {
  const { revokeTime, quarantineTime } = identity;
  const same = isSame(identity.identityKey, publicKey);
  return (
    <Facts>
      <FactRow name="Names">
        <Name text={identity.name} />
        <code className="block font-mono text-2xs break-all text-muted">{identity.spiffeId}</code>
      </FactRow>
      <FactRow name="Key">
        <span className={same ? "" : "text-offline"}>
          {same ? "the one it joined with" : "not the one it joined with"}
        </span>
      </FactRow>
      <FactRow name="Role">{roleName(identity.role)}</FactRow>
      <FactRow name="Joined">
        <Ago at={identity.enrollTime} />
      </FactRow>
      <FactRow name="Ends">
        <Ago at={identity.certificateExpireTime} />
      </FactRow>
      <FactRow name="Serial">
        <code className="font-mono text-2xs break-all">{identity.certificateSerial}</code>
      </FactRow>
      {revokeTime && (
        <FactRow name="Revoked">
          <Ago at={revokeTime} />, {identity.revokeReason.slice(0, 300)}
        </FactRow>
      )}
      {quarantineTime && (
        <FactRow name="Quarantined">
          <Ago at={quarantineTime} />, {identity.quarantineReason.slice(0, 300)}
        </FactRow>
      )}
    </Facts>
  );
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
