import type { MessageInitShape } from "@bufbuild/protobuf";
import type { IntegrationEdgeSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { FoundManifest } from "./manifests/read.ts";
import type { LocalPackage } from "./neighbours.ts";

/** An edge as it is told, and what it is told about. */
export interface ToldEdge {
  /** Names the edge among all of a project, so that the newest word about each one counts. */
  readonly subject: string;
  readonly edge: MessageInitShape<typeof IntegrationEdgeSchema>;
}

const devStrength = 0.5;
const subjectLengthMax = 256;

/**
 * The dependencies that tie a project to others: packages of the same repository outside of it, and
 * packages that another node says it provides. The hundreds from a registry tie nobody.
 */
export function edgesOf(
  project: string,
  manifests: readonly FoundManifest[],
  local: ReadonlyMap<string, LocalPackage>,
  provided: ReadonlySet<string>,
): ToldEdge[] {
  return manifests.flatMap((manifest) =>
    manifest.dependencies.flatMap(({ name, line, dev }) => {
      const found = local.get(name);
      const ties = found === undefined ? provided.has(name) : !found.own;
      if (!ties) return [];
      const edge = {
        fromProject: project,
        toPackage: name,
        kind: found?.fromSchema === true ? Kind.SHARED_SCHEMA : Kind.PACKAGE,
        strength: dev ? devStrength : 1,
        proof: { manifest: manifest.path, line, digest: manifest.digest },
      };
      return [{ subject: edgeSubject(manifest.path, name), edge }];
    }),
  );
}

/** e.g. "package.json -> @foedus/gen". */
export function edgeSubject(manifest: string, name: string): string {
  return `${manifest} -> ${name}`.slice(-subjectLengthMax);
}
