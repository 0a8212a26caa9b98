import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { promisify } from "node:util"
import { binary, cleanEnvironment } from "./binary.ts"

const execute = promisify(execFile)

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Command line of the program, quoted for a shell. */
export const command = (args: ReadonlyArray<string>): string =>
  [process.execPath, binary, ...args].map(quoted).join(" ")

interface TerminalOptions {
  readonly columns: number
  readonly rows: number
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Runs the program in a tmux server of its own, sends keys and reads the screen as text. The surrounding shell prints
 * `ended with N` after the screen is restored.
 */
export class Terminal implements AsyncDisposable {
  readonly #socket = `blink-streams-${randomUUID()}`

  static open({
    args,
    ...options
  }: TerminalOptions & { readonly args: ReadonlyArray<string> }): Promise<Terminal> {
    const program = `echo before; ${command(args)}; echo "ended with $?"; sleep 600`
    return Terminal.#run(options, `sh -c ${quoted(program)}`)
  }

  /** An interactive shell with job control. */
  static shell(options: TerminalOptions): Promise<Terminal> {
    return Terminal.#run(options, "bash --norc -i")
  }

  static async #run(options: TerminalOptions, shell: string): Promise<Terminal> {
    const terminal = new Terminal()
    const environment = cleanEnvironment({ COLORTERM: "truecolor", ...options.environment })
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`)
    await terminal.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      String(options.columns),
      "-y",
      String(options.rows),
      // An empty environment keeps the user's shell settings from colouring the prompt.
      `env -i TERM="$TERM" TMUX="$TMUX" ${assignments.join(" ")} ${shell}`,
    )
    return terminal
  }

  async #tmux(...args: ReadonlyArray<string>): Promise<string> {
    const { stdout } = await execute("tmux", ["-L", this.#socket, ...args])
    return stdout
  }

  /** Text of the screen, without trailing blanks. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd()
  }

  /** Text of the screen with its colours as escape sequences. */
  colouredScreen(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-e")
  }

  /** Sends keys by their tmux names (`Enter`, `Escape`, `C-c`), or text. */
  async press(...keys: ReadonlyArray<string>): Promise<void> {
    for (const key of keys) await this.#tmux("send-keys", key)
  }

  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text)
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows))
  }

  /** Process id of the program. */
  async pid(): Promise<number> {
    const shell = (await this.#tmux("display-message", "-p", "#{pane_pid}")).trim()
    const { stdout } = await execute("pgrep", ["-P", shell, "-f", "blink-streams"])
    return Number(stdout.trim().split("\n")[0])
  }

  /** Resolves with the screen once it meets `condition`. Rejects with the last screen after `withinMillis`. */
  async until(
    condition: string | RegExp | ((screen: string) => boolean),
    withinMillis = 15_000,
  ): Promise<string> {
    const isMet =
      typeof condition === "function"
        ? condition
        : (screen: string) =>
            typeof condition === "string" ? screen.includes(condition) : condition.test(screen)
    const deadline = Date.now() + withinMillis
    for (;;) {
      const screen = await this.screen()
      if (isMet(screen)) return screen
      if (Date.now() > deadline) throw new Error(`the screen never showed ${String(condition)}:\n${screen}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {})
  }
}
