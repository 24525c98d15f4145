import { useMutation } from "@connectrpc/connect-query";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { newRequestId } from "../parts/clock.ts";
import { TroubleNote } from "../parts/note.tsx";
import { tellOtherPages } from "./lapse.ts";
import { codeIn, takePlace } from "./place.ts";
import { SignedOut } from "./signed-out.tsx";

/** Reads the code of the link, and takes it out of the address bar and the history. */
function takeCode(): string {
  const code = codeIn(location.hash);
  if (code !== "") history.replaceState(history.state, "", "/signin");
  return code;
}

/** Where a one-time link leads: it redeems the code and goes to where one was. */
export function SignInPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const started = useRef(false);
  const { mutate, error, isPending } = useMutation(PersonService.method.signIn, {
    onSuccess: async () => {
      tellOtherPages();
      client.clear();
      await navigate({ href: takePlace(), replace: true });
    },
  });
  useEffect(() => {
    const redeem = () => {
      const code = takeCode();
      if (code !== "") mutate({ requestId: newRequestId(), code });
    };
    if (!started.current) redeem();
    started.current = true;
    window.addEventListener("hashchange", redeem);
    return () => window.removeEventListener("hashchange", redeem);
  }, [mutate]);
  return (
    <SignedOut>
      {isPending && <p role="status">Signing in …</p>}
      {error !== null && (
        <div className="mt-4">
          <TroubleNote error={error} />
        </div>
      )}
    </SignedOut>
  );
}
