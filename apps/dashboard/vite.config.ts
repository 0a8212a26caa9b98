import { defineConfig } from "vite"
import solid from "vite-plugin-solid"

export default defineConfig({
  plugins: [solid()],
  // Relative URLs: the page can be served under any path of a reverse proxy.
  base: "./",
  resolve: { conditions: ["@blink-streams/source", "module", "browser", "development|production"] },
  build: {
    outDir: "page",
    target: "es2022",
    // The page's Content-Security-Policy allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
