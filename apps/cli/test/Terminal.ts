import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { promisify } from "node:util"
import { binary, cleanEnvironment } from "./binary.ts"

const execute = promisify(execFile)

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The program and its arguments, for a shell. */
export const command = (args: ReadonlyArray<string>): string =>
  [process.execPath, binary, ...args].map(quoted).join(" ")

interface TerminalOptions {
  readonly columns: number
  readonly rows: number
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The program in a real terminal: a tmux server of its own, driven by keys and read as text. The shell around it
 * prints `ended with N` in the restored screen.
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

  /** An interactive shell, with jobs that can be stopped and taken up again. */
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
      // A login shell's own settings must not colour the prompt; the line before shows whether it comes back.
      `env -i TERM="$TERM" TMUX="$TMUX" ${assignments.join(" ")} ${shell}`,
    )
    return terminal
  }

  async #tmux(...args: ReadonlyArray<string>): Promise<string> {
    const { stdout } = await execute("tmux", ["-L", this.#socket, ...args])
    return stdout
  }

  /** What is on the screen, without trailing blanks. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd()
  }

  /** The same with its colours, as escape sequences. */
  colouredScreen(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-e")
  }

  /** Keys by tmux's names (`Enter`, `Escape`, `C-c`), or text as it is. */
  async press(...keys: ReadonlyArray<string>): Promise<void> {
    for (const key of keys) await this.#tmux("send-keys", key)
  }

  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text)
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows))
  }

  /** The process in the terminal. */
  async pid(): Promise<number> {
    const shell = (await this.#tmux("display-message", "-p", "#{pane_pid}")).trim()
    const { stdout } = await execute("pgrep", ["-P", shell, "-f", "blink-streams"])
    return Number(stdout.trim().split("\n")[0])
  }

  /** Waits until the screen fulfils `condition`; the last screen is in the error when it never does. */
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
