import { existsSync, mkdirSync, statSync } from "node:fs"
import { dirname } from "node:path"

const errorCode = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/**
 * Creates a folder and its missing parents; an existing folder is not an error. Node's `recursive` option retries
 * without end below folders that cannot contain others, such as `/proc`.
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
