import { useQuery } from "@connectrpc/connect-query";
import type { GetSessionResponse } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import type { DescMethod } from "@bufbuild/protobuf";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { Mark } from "../parts/icon.tsx";
import { mayCall, type Permission } from "../parts/may.ts";
import { TroubleNote } from "../parts/note.tsx";
import { isAbsence, isSignedOut } from "../parts/trouble.ts";
import { onSessionChange } from "./lapse.ts";
import { rememberPlace } from "./place.ts";
import { SignedOut } from "./signed-out.tsx";

const SessionContext = createContext<GetSessionResponse | undefined>(undefined);

/** While nobody answers it asks again by itself; whoever comes back to the page asks at once. */
const gateOptions = {
  refetchOnWindowFocus: true,
  refetchInterval: ({ state }: { state: { error: unknown } }) =>
    state.error !== null && isAbsence(state.error) ? absentMs : (false as const),
};
const absentMs = 3_000;

/** Shows its children to somebody signed in, and no data to anybody else. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useQuery(PersonService.method.getSession, {}, gateOptions);
  useEffect(() => onSessionChange(() => void client.resetQueries()), [client]);
  const signedOut = session.error !== null && isSignedOut(session.error);
  useEffect(() => {
    if (!signedOut) return;
    rememberPlace(location.pathname + location.search);
    client.removeQueries({ predicate: (query) => query.state.status === "success" });
  }, [signedOut, client]);
  if (signedOut) return <SignedOut />;
  if (session.data !== undefined) {
    return <SessionContext value={session.data}>{children}</SessionContext>;
  }
  return (
    <main className="grid h-full place-content-center gap-4 p-6">
      <Mark size={40} />
      {session.error === null ? (
        <p role="status">Opening the federation …</p>
      ) : (
        <TroubleNote error={session.error} retry={() => void session.refetch()} />
      )}
    </main>
  );
}

/** Who is signed in; only below the gate. */
export function useSession(): GetSessionResponse {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("used outside the session gate");
  return session;
}

/** Whether whoever is signed in may call a method. */
export function useMay(method: DescMethod, floor?: Role): Permission {
  const { person } = useSession();
  return mayCall(method, person?.role ?? Role.UNSPECIFIED, floor, person?.operator);
}
