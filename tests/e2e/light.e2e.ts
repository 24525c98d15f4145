import { looksIn } from "./look.ts";

looksIn("light");
