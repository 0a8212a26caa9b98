import { existsSync, mkdirSync, statSync } from "node:fs"
import { dirname } from "node:path"

const errorCode = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/**
 * Makes a folder and those above it; one that is there already is fine. Node's own `recursive` tries for ever where
 * a folder can't hold another one although it exists, as `/proc`.
 */
export const makeDirectory = (path: string, mode = 0o777): void => {
  try {
    mkdirSync(path, { mode })
  } catch (cause) {
    if (errorCode(cause) === "EEXIST" && statSync(path).isDirectory()) return
    if (errorCode(cause) !== "ENOENT" || existsSync(dirname(path))) throw cause
    makeDirectory(dirname(path), mode)
    makeDirectory(path, mode)
  }
}
