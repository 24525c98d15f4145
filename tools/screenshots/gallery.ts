import { schemes } from "./camera.ts";
import type { Shot } from "./shots.ts";

/** The name of a picture below docs/images; it stays the same for good. */
export function pictureOf(shot: Shot, nodes: number, scheme: string): string {
  return `${shot.name}-${nodes}-${scheme}.webp`;
}

/** The page docs/screenshots.md. */
export function gallery(shots: readonly Shot[], sizes: readonly number[]): string {
  return [
    "# Screenshots",
    "",
    "Every page of the web, in light and in dark, as `npm run screenshots` finds it on real hubs: the",
    "three instances of this repository, and fleets of 50 and 1,000 nodes that joined for the picture.",
    ...shots.flatMap((shot) => [
      "",
      `## ${shot.title}`,
      ...sizesOf(shot, sizes).flatMap((nodes) => [
        "",
        `${nodes.toLocaleString("en")} nodes:`,
        ...schemes.map((scheme) => {
          const words = `${shot.title}, ${nodes} nodes, ${scheme}`;
          return `![${words}](images/${pictureOf(shot, nodes, scheme)})`;
        }),
      ]),
    ]),
    "",
  ].join("\n");
}

/** At which sizes a page is shown. */
export function sizesOf({ only = () => true }: Shot, sizes: readonly number[]): number[] {
  return sizes.filter((nodes) => only(nodes));
}
