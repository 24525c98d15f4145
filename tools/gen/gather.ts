// Brings .third_party up to date, without which buf reads no schema of ours.
import { fileURLToPath } from "node:url";
import { gatherThirdParty } from "./third-party.ts";

gatherThirdParty(fileURLToPath(new URL("../../", import.meta.url)));
