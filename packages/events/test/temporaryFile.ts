import { Effect } from "effect"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A path in a folder that is deleted with the scope. */
export const temporaryFile = (name: string, under = tmpdir()) =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(under, "blink-streams-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
  ).pipe(Effect.map((folder) => join(folder, name)))

const memory = "/dev/shm"

/**
 * The same in memory, where the system supports it: for tests that close their files themselves and would otherwise
 * spend half their time on commits to the disk.
 */
export const temporaryFileInMemory = (name: string) =>
  temporaryFile(name, existsSync(memory) ? memory : tmpdir())
