import type { World } from "@foedus/kernel/world.ts";
import { tripText } from "../words/span.ts";
import type { Exam, Remedy } from "./exam.ts";
import { placeOf, resolveName, timeTcp } from "./probe.ts";

/** Whether a listener can be reached: its name, then its port. */
export async function examineWay(
  exam: Exam,
  listener: string,
  address: string,
  world: World,
  silent: Remedy = { fix: "start the hub; if it runs, something on the way blocks the port" },
): Promise<boolean> {
  const place = placeOf(address);
  const found = await exam.step(
    `${listener} name`,
    () => resolveName(place),
    (addresses) => ({ detail: `${place.host} ${leadsTo(addresses)}` }),
    { remedy: () => ({ fix: "correct the address, or have the name entered in DNS" }) },
  );
  if (found === undefined) {
    exam.untried([`${listener} port`], "its name is not known");
    return false;
  }
  const ms = await exam.step(
    `${listener} port`,
    () => timeTcp(place, world),
    (tookMs) => ({ detail: `${address} answers after ${tripText(tookMs * 1_000)}` }),
    { remedy: () => silent },
  );
  return ms !== undefined;
}

function leadsTo(addresses: readonly string[]): string {
  return addresses.length === 0 ? "needs no lookup" : `leads to ${addresses.join(", ")}`;
}
