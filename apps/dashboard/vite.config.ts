import { defineConfig } from "vite"
import solid from "vite-plugin-solid"

export default defineConfig({
  plugins: [solid()],
  // Relative addresses: the page may stand under any path of a reverse proxy.
  base: "./",
  resolve: { conditions: ["@blink-streams/source", "module", "browser", "development|production"] },
  build: {
    outDir: "page",
    target: "es2022",
    // The policy of the page allows neither inline scripts nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
