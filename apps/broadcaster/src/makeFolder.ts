import { existsSync, mkdirSync, statSync } from "node:fs"
import { dirname } from "node:path"

const codeOf = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/**
 * Makes a folder and those above it; one that is there already is fine. Node's own `recursive` tries for ever where
 * a folder can't hold another one although it exists, as `/proc`.
 */
export const makeFolder = (path: string, mode = 0o777): void => {
  try {
    mkdirSync(path, { mode })
  } catch (cause) {
    if (codeOf(cause) === "EEXIST" && statSync(path).isDirectory()) return
    if (codeOf(cause) !== "ENOENT" || existsSync(dirname(path))) throw cause
    makeFolder(dirname(path), mode)
    makeFolder(path, mode)
  }
}
