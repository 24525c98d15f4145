import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { freePortAbove, inspectDatabase, inspectPort } from "../../../server/inspect.ts";
import { counted } from "../words/plural.ts";
import type { Exam, Remedy } from "./exam.ts";
import { databaseRemedy, serveLine } from "./remedy.ts";

/** A hub that is to be started. */
export interface Start {
  readonly config: HubConfig;
  readonly folder: string;
  /** `--config FILE`, where one was named. */
  readonly flags: readonly string[];
}

/** What stands in the way of a hub that does not run. */
export async function examineStart(exam: Exam, start: Start): Promise<void> {
  const { databaseUrl, host, webPort, nodePort, joinPort } = start.config;
  if (databaseUrl !== "") {
    await exam.step(
      "database",
      () => inspectDatabase(databaseUrl),
      ({ version, migrationsToCome: steps }) => ({
        detail: `PostgreSQL ${version}${steps === 0 ? "" : `, ${counted(steps, "migration")} to come`}`,
      }),
      { remedy: (failure) => databaseRemedy(failure, databaseUrl) },
    );
  }
  const ports = { web: webPort, node: nodePort, join: joinPort };
  for (const [listener, port] of Object.entries(ports)) {
    // The system chooses a free one.
    if (port === 0) continue;
    const remedy = await otherPort(start, listener, port);
    await exam.step(
      `${listener} port`,
      () => inspectPort(listener, host, port),
      () => ({ detail: `${port} is free` }),
      { remedy: () => remedy },
    );
  }
}

async function otherPort({ config, folder, flags }: Start, listener: string, port: number) {
  const { host, webPort, nodePort, joinPort } = config;
  const free = await freePortAbove(host, port, [webPort, nodePort, joinPort]);
  const where = listener === "join" ? "; nodes that joined look for it at the old one" : "";
  const remedy: Remedy = {
    why: `a hub that cannot listen does not start${where}`,
    line: serveLine(folder, ...flags, `--${listener}-port`, String(free)),
  };
  return free === 0 ? undefined : remedy;
}
