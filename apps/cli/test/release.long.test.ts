import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, vi } from "vitest"

const root = join(import.meta.dirname, "../../..")
const run = (command: string, args: ReadonlyArray<string>, cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })

it(
  "The packed blink-streams package installs outside the workspace and serves a demo with its dashboard",
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "blink-streams-release-"))
    try {
      const packages = [
        ...globSync("packages/*/package.json", { cwd: root }).map((path) => join(root, path, "..")),
        join(root, "apps/cli"),
      ]
      const overrides: Record<string, string> = {}
      for (const path of packages) {
        const { name }: { readonly name: string } = JSON.parse(
          readFileSync(join(path, "package.json"), "utf8"),
        )
        const before = new Set(globSync("*.tgz", { cwd: folder }))
        run("pnpm", ["pack", "--pack-destination", folder], path)
        const tarball = globSync("*.tgz", { cwd: folder }).find((file) => !before.has(file))!
        overrides[name] = `file:${join(folder, tarball)}`
      }
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ name: "release-test", private: true, dependencies: overrides, overrides }),
      )
      run("npm", ["install", "--no-audit", "--no-fund"], folder)
      const binary = join(folder, "node_modules/.bin/blink-streams")
      expect(run(binary, ["--help"], folder)).toContain("Usage: blink-streams")
      expect(run(binary, ["watch", "--help"], folder)).toContain("--json")
      const demo = spawn(binary, [
        "demo",
        "--port",
        "0",
        "--emulator-port",
        "0",
        "--dir",
        join(folder, "state"),
      ])
      try {
        let output = ""
        demo.stdout.setEncoding("utf8").on("data", (text: string) => (output += text))
        const found = (pattern: RegExp) => vi.waitUntil(() => pattern.exec(output), { timeout: 60_000 })
        const [link] = await found(/http:\/\/127\.0\.0\.1:\d+\S*/)
        const page = await fetch(link)
        expect(page.status).toBe(200)
        expect(await page.text()).toContain("<title>")
        await found(/[Mm]otion/)
      } finally {
        demo.kill("SIGINT")
      }
      const [code] = await once(demo, "exit")
      expect(code).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
