import { once } from "node:events"

/** DA1: what the terminal calls itself, or "" when it says nothing in time. */
export const askTerminal = async (): Promise<string> => {
  const { stdin, stdout } = process
  if (!stdin.isTTY) return ""
  const answer = once(stdin, "data", { signal: AbortSignal.timeout(150) }).then(
    ([data]) => String(data),
    () => "",
  )
  stdin.setRawMode(true)
  stdout.write("\u001B[c")
  const text = await answer
  stdin.setRawMode(false)
  stdin.pause()
  return text
}
