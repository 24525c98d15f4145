import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { leanDescriptors } from "./build/lean-descriptors.ts";
import { withoutValidation } from "./build/without-validation.ts";

/** Builds the page into web/dist, from wherever it is started. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutValidation(), leanDescriptors(), react(), tailwindcss()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // light-dark() and nesting are used as they are.
    target: ["chrome123", "firefox121", "safari17.5"],
    // Fonts stay files: a data: URL would need a wider font-src.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
